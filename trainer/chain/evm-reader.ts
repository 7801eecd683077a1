import type { Log } from "../log.ts";
import { ChainHeads } from "./chain-heads.ts";
import { PoolProvider } from "./pool-provider.ts";
import type { ChainReader } from "./port.ts";
import { OPENING_PATIENCE_MS, RpcPool } from "./rpc-pool.ts";
import { Rpc } from "./rpc.ts";

export interface EvmReaderOptions {
  /** HTTP endpoints in order of preference. */
  readonly rpcUrls: readonly string[];
  /** Default: the chain id of the first endpoint that answers. */
  readonly expectedChainId?: bigint;
  readonly pollMs: number;
  readonly log: Log;
}

/**
 * Opens an EVM chain for reading. It needs no key and no journal, so it can run beside a worker.
 *
 * Errors: those of `RpcPool`.
 */
export async function openEvmReader(options: EvmReaderOptions): Promise<ChainReader> {
  const pool = new RpcPool(options);
  try {
    await pool.request({ method: "eth_chainId", params: [] }, new AbortController().signal, OPENING_PATIENCE_MS);
  } catch (error) {
    pool.close();
    throw error;
  }
  const heads = new ChainHeads(new Rpc(pool), pool.chainId, options.log);
  const runner = new PoolProvider(pool, options.pollMs);
  return {
    chainId: pool.chainId,
    runner,
    head: (signal) => heads.head(signal),
    untilNextBlock: (signal, eager) => heads.untilNextBlock(signal, eager),
    close() {
      pool.close();
      runner.destroy();
    },
  };
}
