import { AbiCoder, type Interface } from "ethers";

import type { Outcome } from "./port.ts";
import type { RpcReply } from "./rpc-pool.ts";

type RefusedRequest = Extract<RpcReply, { kind: "refused" }>;
type Refused = Extract<Outcome, { kind: "refused" }>;

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";

/**
 * Decodes revert data: the custom error's name and arguments, `Error` with the reason string, `Panic` with its code,
 * `UNKNOWN_ERROR` with data that no interface knows, or `NO_REASON` without data.
 */
export function decodeRevert(data: string | undefined, interfaces: readonly Interface[]): Refused {
  if (data === undefined || data.length < 10) return refused("NO_REASON", []);
  for (const one of interfaces) {
    const error = one.getError(data.slice(0, 10));
    if (error !== null) return refused(error.name, one.decodeErrorResult(error, data).toArray());
  }
  const types = { [ERROR_STRING]: "string", [PANIC]: "uint256" }[data.slice(0, 10)];
  if (types === undefined) return refused("UNKNOWN_ERROR", [data]);
  const values = AbiCoder.defaultAbiCoder()
    .decode([types], `0x${data.slice(10)}`)
    .toArray();
  return refused(types === "string" ? "Error" : "Panic", values);
}

/** Whether a node's refusal of `eth_call` or `eth_estimateGas` means that the contract reverted. */
export function isRevert(refusal: RefusedRequest): boolean {
  return revertDataOf(refusal) !== undefined || /revert|invalid opcode/i.test(refusal.message);
}

/** The revert data; nodes put it at different depths of the error. */
export function revertDataOf(refusal: RefusedRequest): string | undefined {
  return hexIn(refusal.data, 0);
}

function hexIn(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return /^0x([0-9a-f]{2})*$/i.test(value) ? value : undefined;
  if (typeof value !== "object" || value === null || depth > 2 || !("data" in value)) return undefined;
  return hexIn(value.data, depth + 1);
}

function refused(error: string, args: readonly unknown[]): Refused {
  return { kind: "refused", error, args };
}
