/**
 * Installs the packages of the lock file unless this script did so before; returns whether it installed. A signal ends
 * npm as well, and the next run installs again.
 */
export declare function ensureInstalled(): Promise<boolean>;
/** Builds the contracts and their types if an input changed since the last build; returns whether it built. */
export declare function ensureContractsBuilt(): boolean;
