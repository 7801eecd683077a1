import type { Log } from "../log.ts";
import { PoolProvider } from "./pool-provider.ts";
import type { ChainReader } from "./port.ts";
import { RpcPool } from "./rpc-pool.ts";
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
 * Errors: `CHAIN_UNREACHABLE`, `CHAIN_WRONG_ID`, `CHAIN_URL_INVALID`.
 */
export async function openEvmReader(options: EvmReaderOptions): Promise<ChainReader> {
  const pool = new RpcPool(options);
  try {
    await pool.request({ method: "eth_chainId", params: [] }, new AbortController().signal, 0);
  } catch (error) {
    pool.close();
    throw error;
  }
  const rpc = new Rpc(pool);
  const runner = new PoolProvider(pool, options.pollMs);
  return {
    chainId: pool.chainId,
    runner,
    async head(signal) {
      const { number, hash, timestamp } = await rpc.latestBlock(signal);
      return { number, hash, timestamp };
    },
    close() {
      pool.close();
      runner.destroy();
    },
  };
}
