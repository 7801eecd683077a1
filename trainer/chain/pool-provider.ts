import {
  JsonRpcProvider,
  Network,
  type JsonRpcApiProviderOptions,
  type JsonRpcPayload,
  type JsonRpcResult,
} from "ethers";

import { LogRanges } from "./log-ranges.ts";
import type { RpcPool } from "./rpc-pool.ts";

/** An ethers provider whose requests go through the pool, so that reads have failover too. */
export class PoolProvider extends JsonRpcProvider {
  readonly #pool: RpcPool;
  readonly #logs: LogRanges;

  constructor(pool: RpcPool, pollMs: number) {
    const network = Network.from(pool.chainId);
    super(undefined, network, optionsFor(network, pollMs));
    this.#pool = pool;
    this.#logs = new LogRanges(pool);
  }

  override async _send(payload: JsonRpcPayload | Array<JsonRpcPayload>): Promise<JsonRpcResult[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return Promise.all(payloads.map((one) => this.#sendOne(one)));
  }

  async #sendOne({ id, method, params }: JsonRpcPayload): Promise<JsonRpcResult> {
    const values: readonly unknown[] = Array.isArray(params) ? (params as readonly unknown[]) : [params];
    const request = { method, params: values };
    const { signal } = new AbortController();
    const [first] = values;
    const isLogs = method === "eth_getLogs" && typeof first === "object";
    const reply = isLogs ? await this.#logs.read({ ...first }, signal) : await this.#pool.request(request, signal);
    if (reply.kind === "result") return { id, result: reply.value };
    const error = { code: reply.code, message: reply.message, data: reply.data };
    // Cast: ethers reads `error` first, but its result type has no errors.
    return { id, result: undefined, error } as JsonRpcResult;
  }
}

function optionsFor(staticNetwork: Network, pollMs: number): JsonRpcApiProviderOptions {
  return { staticNetwork, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: pollMs };
}
