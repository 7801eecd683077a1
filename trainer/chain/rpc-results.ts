import { z } from "zod";

const QUANTITY = /^0x[0-9a-f]{1,64}$/i;
const BYTES = /^0x([0-9a-f]{2})*$/i;
const HASH = /^0x[0-9a-f]{64}$/i;
const ADDRESS = /^0x[0-9a-f]{40}$/i;

const text = (pattern: RegExp) => z.string().regex(pattern);

/** A number as JSON-RPC writes it. */
export const quantity = text(QUANTITY).transform((hex) => BigInt(hex));

/** Fields of a block that are read here or by ethers. */
export const block = z.looseObject({
  number: quantity,
  hash: text(HASH),
  parentHash: text(HASH),
  timestamp: quantity,
  baseFeePerGas: quantity.nullish(),
  transactions: z.array(z.unknown()).nullish(),
});

/** A receipt; some nodes give one without a block for a pending transaction, or without its price. */
export const receipt = z.looseObject({
  transactionHash: text(HASH),
  blockNumber: quantity.nullish(),
  status: quantity,
  gasUsed: quantity,
  effectiveGasPrice: quantity.nullish(),
});

/** A transaction by its hash: `gasPrice` is what it pays, or offers while it is pending. */
export const transaction = z.looseObject({
  hash: text(HASH),
  gasPrice: quantity.nullish(),
  maxFeePerGas: quantity.nullish(),
});

const log = z.looseObject({
  address: text(ADDRESS),
  topics: z.array(text(HASH)).max(4),
  data: text(BYTES),
  blockNumber: quantity,
  transactionHash: text(HASH),
});

/** Shape of each method's result. A result of another shape is no answer. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  eth_chainId: quantity,
  eth_blockNumber: quantity,
  eth_getBalance: quantity,
  eth_getTransactionCount: quantity,
  eth_estimateGas: quantity,
  eth_maxPriorityFeePerGas: quantity.nullable(),
  eth_call: text(BYTES),
  eth_getCode: text(BYTES),
  eth_sendRawTransaction: text(BYTES),
  eth_getBlockByNumber: block.nullable(),
  eth_getTransactionReceipt: receipt.nullable(),
  eth_getTransactionByHash: transaction.nullable(),
  eth_getLogs: z.array(log),
};

/** Methods whose empty result is right where there is no code; a node without the state gives it too. */
const MAY_LIE_EMPTY: ReadonlySet<string> = new Set(["eth_call", "eth_getCode"]);

/** Whether a result has the shape that the method promises. */
export function isWellFormed(method: string, params: readonly unknown[], value: unknown): boolean {
  // The newest block always exists.
  if (method === "eth_getBlockByNumber" && params[0] === "latest" && value === null) return false;
  return SHAPES[method]?.safeParse(value).success ?? true;
}

/** Whether a result is empty: right where there is no code, wrong from a node that lacks the state. */
export function isDoubtful(method: string, value: unknown): boolean {
  return MAY_LIE_EMPTY.has(method) && value === "0x";
}
