import { AbiCoder, isError, type Interface } from "ethers";

import type { Outcome } from "./port.ts";
import type { RefusedRequest } from "./rpc-endpoint.ts";

type Refused = Extract<Outcome, { kind: "refused" }>;

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";
/** Code of a revert (geth, Erigon, Reth, anvil). */
const CODE_REVERTED = 3;
/** Messages of geth, Besu, Nethermind and Hardhat; the last are exceptions of the EVM, which carry no data. */
const REVERTED =
  /execution reverted|vm (exception.*revert|execution error)|^(error: )?(transaction )?reverted|invalid (opcode|jump)/i;
const LAGGING = /not found|unknown block|missing trie|not available|limit|time.?out|timed out/i;
/** "0x" and a selector. */
const SHORTEST_DATA = 10;

/**
 * Decodes revert data: the custom error's name and arguments, `Error` with the reason string, `Panic` with its code,
 * `UNKNOWN_ERROR` with data that no interface knows, or `NO_REASON` without data.
 */
export function decodeRevert(data: string | undefined, interfaces: readonly Interface[]): Refused {
  if (data === undefined || data.length < SHORTEST_DATA) return refused("NO_REASON", []);
  try {
    return decoded(data, interfaces);
  } catch (error) {
    // The selector of a known error, with other arguments.
    if (isError(error, "BUFFER_OVERRUN") || isError(error, "BAD_DATA") || isError(error, "INVALID_ARGUMENT")) {
      return refused("UNKNOWN_ERROR", [data]);
    }
    throw error;
  }
}

function decoded(data: string, interfaces: readonly Interface[]): Refused {
  for (const one of interfaces) {
    const error = one.getError(data.slice(0, SHORTEST_DATA));
    if (error !== null) return refused(error.name, one.decodeErrorResult(error, data).toArray());
  }
  const types = { [ERROR_STRING]: "string", [PANIC]: "uint256" }[data.slice(0, SHORTEST_DATA)];
  if (types === undefined) return refused("UNKNOWN_ERROR", [data]);
  const values = AbiCoder.defaultAbiCoder()
    .decode([types], `0x${data.slice(SHORTEST_DATA)}`)
    .toArray();
  return refused(types === "string" ? "Error" : "Panic", values);
}

/**
 * Whether a node's refusal of `eth_call` or `eth_estimateGas` means that the contract reverted: error code 3, the words
 * of a revert, or revert data. Words of a lagging node outweigh data, which some nodes use for a block's hash.
 */
export function isRevert(refusal: RefusedRequest): boolean {
  if (refusal.code === CODE_REVERTED || REVERTED.test(refusal.message)) return true;
  return !LAGGING.test(refusal.message) && (revertDataOf(refusal)?.length ?? 0) >= SHORTEST_DATA;
}

/** The revert data; nodes put it at different depths of the error. */
export function revertDataOf(refusal: RefusedRequest): string | undefined {
  return hexIn(refusal.data, 0);
}

function hexIn(value: unknown, depth: number): string | undefined {
  // Nethermind and OpenEthereum put a word before it.
  if (typeof value === "string") return /^(?:reverted )?(0x([0-9a-f]{2})*)$/i.exec(value)?.[1];
  if (typeof value !== "object" || value === null || depth > 2 || !("data" in value)) return undefined;
  return hexIn(value.data, depth + 1);
}

function refused(error: string, args: readonly unknown[]): Refused {
  return { kind: "refused", error, args };
}
