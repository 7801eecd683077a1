/** The chain id of Hardhat's and anvil's local nodes. */
export const LOCAL_CHAIN_ID = 31_337n;

/** Chain ids of local chains: Hardhat's and anvil's, and that of `geth --dev`. */
export const LOCAL_CHAIN_IDS: ReadonlySet<bigint> = new Set([LOCAL_CHAIN_ID, 1_337n]);

/**
 * The public test mnemonic of Hardhat, anvil and others. Its accounts have 10,000 coins each on a local chain; never
 * use them elsewhere.
 */
export const LOCAL_CHAIN_MNEMONIC = "test test test test test test test test test test test junk";
