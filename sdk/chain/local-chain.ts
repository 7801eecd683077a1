/** The chain id of Hardhat's and anvil's local nodes. */
export const LOCAL_CHAIN_ID = 31_337n;

/**
 * The public test mnemonic of Hardhat, anvil and others. Its accounts have 10,000 coins each on a local chain; never
 * use them elsewhere.
 */
export const LOCAL_CHAIN_MNEMONIC = "test test test test test test test test test test test junk";
