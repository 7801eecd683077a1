/** The chain id of Hardhat's and anvil's local nodes. */
export const LOCAL_CHAIN_ID = 31_337n;

/**
 * The published test mnemonic that Hardhat, anvil and others share: its accounts hold 10,000 coins, and no value
 * anywhere.
 */
export const LOCAL_CHAIN_MNEMONIC = "test test test test test test test test test test test junk";
