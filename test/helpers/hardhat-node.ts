import { startLocalChain, type LocalChain } from "../../trainer/local-chain/local-chain.ts";

/**
 * Starts a Hardhat node in a child process on a free loopback port, with automining and an empty block every
 * `intervalMs` (default 1,000). Its accounts are those of `LOCAL_CHAIN_MNEMONIC`. End it with `stop()`.
 */
export function startHardhatNode(options: { readonly intervalMs?: number } = {}): Promise<LocalChain> {
  return startLocalChain(options);
}
