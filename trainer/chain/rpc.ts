import type { z } from "zod";

import { BlockPace } from "./block-pace.ts";
import type { RefusedRequest } from "./rpc-endpoint.ts";
import type { PoolRequest, RpcPool, RpcReply } from "./rpc-pool.ts";
import * as results from "./rpc-results.ts";

/** The block fields that the chain adapter reads. `baseFee` is in wei. */
export interface BlockHeader {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: number;
  readonly baseFee: bigint;
  /** Whether the block has no transaction. */
  readonly isEmpty: boolean;
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

const NEWEST = { method: "eth_getBlockByNumber", params: ["latest", false] } as const;
/** Time for which a newest block below an earlier one counts as an endpoint's lag, not as a reorganisation. */
const LAG_MS = 1_000;

/** The chain adapter's typed JSON-RPC requests. The pool has checked the shape of every result. */
export class Rpc {
  readonly pace: BlockPace;
  readonly #pool: RpcPool;
  /** Height of the newest block, and since when no endpoint reaches it. */
  #highest = 0;
  #lowerSince: number | undefined;

  constructor(pool: RpcPool, pace = new BlockPace()) {
    this.#pool = pool;
    this.pace = pace;
  }

  async latestBlock(signal: AbortSignal): Promise<BlockHeader> {
    const highest = this.#highest;
    const staleness = (value: unknown) => this.#staleness(headerOf(value).number, highest);
    const head = headerOf(await this.#ask({ ...NEWEST, staleness }, signal));
    this.#highest = head.number;
    this.#lowerSince = undefined;
    this.pace.see(head.number);
    return head;
  }

  /** Notes that a block was seen, so that an endpoint that lacks it counts as behind. */
  sawBlock(number: number): void {
    this.#highest = Math.max(this.#highest, number);
  }

  /** Changes to an endpoint that has a newer block than this, if there is one. */
  async findNewerThan(number: number, signal: AbortSignal): Promise<boolean> {
    const isNewer = (value: unknown) => value !== null && headerOf(value).number > number;
    return this.#pool.overtake(NEWEST, isNewer, `stale: its newest block is ${number}`, signal);
  }

  /** The account's transaction count, which is its next nonce; `pending` includes pending transactions, if it can. */
  async transactionCount(account: string, tag: "latest" | "pending", signal: AbortSignal): Promise<number> {
    const reply = await this.#reply("eth_getTransactionCount", [account, tag], signal);
    if (reply.kind === "refused") return this.transactionCount(account, "latest", signal);
    return Number(results.quantity.parse(reply.value));
  }

  /** In wei. */
  async balance(account: string, signal: AbortSignal): Promise<bigint> {
    return this.#read(results.quantity, "eth_getBalance", [account, "latest"], signal);
  }

  /** The node's suggested priority fee, in wei; `undefined` if the node does not support the request. */
  async suggestedTip(signal: AbortSignal): Promise<bigint | undefined> {
    const reply = await this.#reply("eth_maxPriorityFeePerGas", [], signal);
    return reply.kind === "result" && reply.value !== null ? results.quantity.parse(reply.value) : undefined;
  }

  /** `undefined` while no block includes the transaction. */
  async receipt(hash: string, signal: AbortSignal): Promise<Receipt | undefined> {
    const receipt = await this.#read(results.receipt.nullable(), "eth_getTransactionReceipt", [hash], signal);
    if (receipt?.blockNumber === undefined || receipt.blockNumber === null) return undefined;
    return {
      hash: receipt.transactionHash,
      block: Number(receipt.blockNumber),
      succeeded: receipt.status === 1n,
      gasUsed: receipt.gasUsed,
      gasPrice: receipt.effectiveGasPrice ?? (await this.#priceOf(hash, signal)),
    };
  }

  /** Whether the node knows the transaction, pending or included. */
  async knows(hash: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#transaction(hash, signal)) !== null;
  }

  estimateGas(call: CallObject, signal: AbortSignal): Promise<RpcReply> {
    return this.#reply("eth_estimateGas", [call], signal);
  }

  /** Runs a call on the state after a block. */
  callAt(call: CallObject, block: number, signal: AbortSignal): Promise<RpcReply> {
    return this.#reply("eth_call", [call, `0x${block.toString(16)}`], signal);
  }

  /** Offers a transaction to the endpoints in turn, until one takes it; then returns the last one's error. */
  broadcast(raw: string, signal: AbortSignal): Promise<RpcReply> {
    return this.#pool.request({ method: "eth_sendRawTransaction", params: [raw], once: true }, signal);
  }

  /** What a transaction pays per gas, where its receipt does not say so. */
  async #priceOf(hash: string, signal: AbortSignal): Promise<bigint> {
    const transaction = await this.#transaction(hash, signal);
    return transaction?.gasPrice ?? transaction?.maxFeePerGas ?? 0n;
  }

  #transaction(hash: string, signal: AbortSignal) {
    return this.#read(results.transaction.nullable(), "eth_getTransactionByHash", [hash], signal);
  }

  /** An endpoint behind the others is left; if all are, for a while, the chain was reorganised. */
  #staleness(number: number, highest: number): string | undefined {
    if (number >= highest) return undefined;
    this.#lowerSince ??= Date.now();
    if (Date.now() - this.#lowerSince >= LAG_MS) return undefined;
    return `stale: its newest block is ${number}, another was ${highest}`;
  }

  #reply(method: string, params: readonly unknown[], signal: AbortSignal): Promise<RpcReply> {
    return this.#pool.request({ method, params }, signal);
  }

  async #read<Shape extends z.ZodType>(
    shape: Shape,
    method: string,
    params: readonly unknown[],
    signal: AbortSignal,
  ): Promise<z.output<Shape>> {
    return shape.parse(await this.#ask({ method, params }, signal));
  }

  /** For methods whose errors are never the chain's answer. */
  async #ask(request: PoolRequest, signal: AbortSignal): Promise<unknown> {
    const reply = await this.#pool.request(request, signal);
    if (reply.kind === "result") return reply.value;
    throw unexpected(request.method, reply);
  }
}

function headerOf(value: unknown): BlockHeader {
  const { number, hash, parentHash, timestamp, baseFeePerGas, transactions } = results.block.parse(value);
  return {
    number: Number(number),
    hash,
    parentHash,
    timestamp: Number(timestamp),
    baseFee: baseFeePerGas ?? 0n,
    isEmpty: transactions?.length === 0,
  };
}

function unexpected(method: string, { message }: RefusedRequest): Error {
  return new Error(`${method} counts no error as an answer, and returned one: ${message}`);
}
