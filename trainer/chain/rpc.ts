import { CommonweightError } from "@commonweight/sdk/errors";
import type { RpcPool, RpcReply } from "./rpc-pool.ts";

/** The block fields that the chain adapter reads. `baseFee` is in wei. */
export interface BlockHeader {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
  readonly baseFee: bigint;
}

/** The receipt fields that the chain adapter reads. Prices are in wei. */
export interface Receipt {
  readonly hash: string;
  readonly block: number;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly gasPrice: bigint;
}

/** Parameter of `eth_call` and `eth_estimateGas`, quantities in hexadecimal. */
export interface CallObject {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly value: string;
}

/** The chain adapter's typed JSON-RPC requests. Reads throw `CHAIN_REQUEST_REFUSED` if the node returns an error. */
export class Rpc {
  readonly #pool: RpcPool;

  constructor(pool: RpcPool) {
    this.#pool = pool;
  }

  async latestBlock(signal: AbortSignal): Promise<BlockHeader> {
    const block = record(await this.#ask("eth_getBlockByNumber", ["latest", false], signal));
    return {
      number: Number(block["number"]),
      hash: String(block["hash"]),
      timestamp: Number(block["timestamp"]),
      baseFee: quantity(block["baseFeePerGas"] ?? "0x0"),
    };
  }

  /** The account's transaction count, which is its next nonce; `pending` includes pending transactions. */
  async transactionCount(account: string, tag: "latest" | "pending", signal: AbortSignal): Promise<number> {
    return Number(await this.#ask("eth_getTransactionCount", [account, tag], signal));
  }

  /** In wei. */
  async balance(account: string, signal: AbortSignal): Promise<bigint> {
    return quantity(await this.#ask("eth_getBalance", [account, "latest"], signal));
  }

  /** The node's suggested priority fee, in wei; `undefined` if the node does not support the request. */
  async suggestedTip(signal: AbortSignal): Promise<bigint | undefined> {
    const reply = await this.#reply("eth_maxPriorityFeePerGas", [], signal);
    return reply.kind === "result" ? quantity(reply.value) : undefined;
  }

  async receipt(hash: string, signal: AbortSignal): Promise<Receipt | undefined> {
    const value = await this.#ask("eth_getTransactionReceipt", [hash], signal);
    return value === null ? undefined : receiptOf(record(value));
  }

  /** Whether the node knows the transaction, pending or included. */
  async knows(hash: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#ask("eth_getTransactionByHash", [hash], signal)) !== null;
  }

  estimateGas(call: CallObject, signal: AbortSignal): Promise<RpcReply> {
    return this.#reply("eth_estimateGas", [call], signal);
  }

  /** Runs a call on the state after a block. */
  callAt(call: CallObject, block: number, signal: AbortSignal): Promise<RpcReply> {
    return this.#reply("eth_call", [call, `0x${block.toString(16)}`], signal);
  }

  broadcast(raw: string, signal: AbortSignal): Promise<RpcReply> {
    return this.#reply("eth_sendRawTransaction", [raw], signal);
  }

  #reply(method: string, params: readonly unknown[], signal: AbortSignal): Promise<RpcReply> {
    return this.#pool.request({ method, params }, signal);
  }

  async #ask(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const reply = await this.#reply(method, params, signal);
    if (reply.kind === "result") return reply.value;
    throw new CommonweightError(
      "CHAIN_REQUEST_REFUSED",
      `the node refused ${method}: ${reply.message}`,
      "Use a full node's endpoint that allows the usual eth_ methods.",
    );
  }
}

function receiptOf(receipt: Record<string, unknown>): Receipt {
  return {
    hash: String(receipt["transactionHash"]),
    block: Number(receipt["blockNumber"]),
    succeeded: quantity(receipt["status"]) === 1n,
    gasUsed: quantity(receipt["gasUsed"]),
    gasPrice: quantity(receipt["effectiveGasPrice"]),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw malformed(value);
  return { ...value };
}

function quantity(value: unknown): bigint {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]+$/.test(value)) throw malformed(value);
  return BigInt(value);
}

function malformed(value: unknown): CommonweightError {
  return new CommonweightError(
    "CHAIN_ANSWER_MALFORMED",
    `the node's answer does not follow JSON-RPC: ${String(JSON.stringify(value)).slice(0, 100)}`,
    "Use an endpoint of an Ethereum node.",
  );
}
