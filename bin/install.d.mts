/** Installs the packages unless those of the lock file are installed by this script; returns whether it did. */
export declare function ensureInstalled(): boolean;
/** Builds the contracts and their types unless contracts and settings are those of the last build; returns whether it did. */
export declare function ensureContractsBuilt(): boolean;
