/** Chain id of Hardhat's and anvil's nodes, and of the chain that `commonweight chain` starts. */
export const LOCAL_CHAIN_ID = 31_337n;
/** Chain id of geth's developer chain (`geth --dev`). */
export const GETH_DEVELOPER_CHAIN_ID = 1_337n;

const LOCAL_CHAIN_IDS: readonly bigint[] = [LOCAL_CHAIN_ID, GETH_DEVELOPER_CHAIN_ID];

/**
 * The public test mnemonic of Hardhat, anvil and others. Its accounts have 10,000 coins each on a local chain; never
 * use them elsewhere.
 */
export const LOCAL_CHAIN_MNEMONIC = "test test test test test test test test test test test junk";

/**
 * Whether a chain is a developer's own: one node with worthless coins, which never reorganises. On these chains one
 * confirmation suffices, `deployMarket` deploys a wrapped coin by itself, and `commonweight faucet` gives coins.
 */
export function isLocalChain(chainId: bigint): boolean {
  return LOCAL_CHAIN_IDS.includes(chainId);
}
