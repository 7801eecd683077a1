import { LOCAL_CHAIN_ID } from "@commonweight/sdk/chain/local-chain";
import type { LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { startNodeProcess } from "./node-process.ts";

/** Accounts of the test mnemonic that have coins. */
const ACCOUNTS = 40;

/**
 * Starts anvil on a free loopback port. End it with `stop()`.
 *
 * @param path anvil's program
 * @param blockSeconds time between blocks; by default each transaction is mined at once
 */
export function startAnvil(path: string, blockSeconds?: number): Promise<LocalChain> {
  const interval = blockSeconds === undefined ? [] : ["--block-time", String(blockSeconds)];
  return startNodeProcess({
    path,
    chainId: LOCAL_CHAIN_ID,
    argumentsFor: (port) => ["--port", String(port), "--accounts", String(ACCOUNTS), "--silent", ...interval],
  });
}
