/** Replaces a workspace's package.json by its package.published.json, and keeps the original beside it. */
export declare function publishManifest(root: string, folder: string): void;
/** Puts back every package.json that was replaced. */
export declare function restoreManifests(root: string): void;
