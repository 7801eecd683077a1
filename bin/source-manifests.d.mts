/** Replaces a workspace's package.json by its package.published.json; the original becomes package.source.json. */
export declare function publishManifest(root: string, folder: string): void;
/** Restores every package.json that was replaced. */
export declare function restoreManifests(root: string): void;
