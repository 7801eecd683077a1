import { CommonweightError } from "@commonweight/sdk/errors";
import type { RpcPool, RpcReply } from "./rpc-pool.ts";
import { quantity } from "./rpc-results.ts";

/** A filter of `eth_getLogs`. */
interface LogFilter {
  readonly fromBlock?: unknown;
  readonly toBlock?: unknown;
}

/** Reads logs in as many parts as the endpoints' limits ask for. */
export class LogRanges {
  readonly #pool: RpcPool;
  /** Most blocks that one query may span, as learnt from refusals. */
  #span = Infinity;

  constructor(pool: RpcPool) {
    this.#pool = pool;
  }

  /** @throws CHAIN_REQUEST_REFUSED a single block has more logs than a node gives */
  async read(filter: LogFilter, signal: AbortSignal): Promise<RpcReply> {
    const from = quantity.safeParse(filter.fromBlock);
    if (!from.success) return this.#query(filter, signal);
    const first = Number(from.data);
    const last = await this.#lastBlock(filter.toBlock, signal);
    let logs: readonly unknown[] = [];
    for (let start = first; start <= last;) {
      const end = Math.min(last, start + this.#span - 1);
      const reply = await this.#query({ ...filter, fromBlock: hex(start), toBlock: hex(end) }, signal);
      if (reply.kind === "result") {
        // The pool has checked that it is an array.
        logs = logs.concat(reply.value);
        start = end + 1;
      } else if (end === start) {
        throw tooManyLogs(start, reply.message);
      } else {
        this.#span = Math.max(1, Math.floor((end - start + 1) / 2));
      }
    }
    return { kind: "result", value: logs };
  }

  async #lastBlock(toBlock: unknown, signal: AbortSignal): Promise<number> {
    const to = quantity.safeParse(toBlock);
    if (to.success) return Number(to.data);
    const reply = await this.#pool.request({ method: "eth_blockNumber", params: [] }, signal);
    return Number(quantity.parse(reply.kind === "result" ? reply.value : undefined));
  }

  #query(filter: LogFilter, signal: AbortSignal): Promise<RpcReply> {
    return this.#pool.request({ method: "eth_getLogs", params: [filter] }, signal);
  }
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

function tooManyLogs(block: number, message: string): CommonweightError {
  return new CommonweightError(
    "CHAIN_REQUEST_REFUSED",
    `the node does not give the logs of block ${block}: ${message}`,
    "Use another endpoint: this one limits a single block's logs.",
  );
}
