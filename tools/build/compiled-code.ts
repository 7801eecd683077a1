import { readFileSync } from "node:fs";
import { join } from "node:path";

import { keccak256 } from "ethers";
import { z } from "zod";

/** The contracts that a deployment consists of, by the key that names their address in its file. */
export const DEPLOYED = {
  market: "TrainingMarket",
  lifecycle: "JobLifecycle",
  rounds: "TrainingRounds",
  committees: "Committees",
  panel: "ScoringPanel",
  book: "JobBook",
  trust: "TrustBook",
  registry: "StakeRegistry",
} as const;
export type DeployedKey = keyof typeof DEPLOYED;

/** Bytes that a constructor fills in. */
export interface CodePart {
  readonly start: number;
  readonly length: number;
}

/** A contract's code as the compiler gives it: zeros where a constructor fills in immutables. */
export interface CompiledCode {
  readonly name: string;
  readonly code: string;
  /** All places of each immutable. */
  readonly immutables: readonly (readonly CodePart[])[];
}

const artifact = z.object({
  // Hexadecimal throughout: a library to be linked would stand in it as `__$...$__`.
  deployedBytecode: z.string().regex(/^0x(?:[0-9a-f]{2})+$/),
  immutableReferences: z.record(z.string(), z.array(z.object({ start: z.int(), length: z.int() }))),
});

/** Reads what a build in `folder` made of the contracts that are deployed. */
export function compiledCodes(folder: string): readonly CompiledCode[] {
  return Object.values(DEPLOYED).map((name) => {
    const path = join(folder, `artifacts/contracts/${name}.sol/${name}.json`);
    const { deployedBytecode, immutableReferences } = artifact.parse(JSON.parse(readFileSync(path, "utf8")));
    return { name, code: deployedBytecode, immutables: Object.values(immutableReferences) };
  });
}

/** Gives the hash that stands for a contract's code: of all of it, immutables as zeros. */
export function codeHash(code: string): string {
  return keccak256(code);
}

/**
 * Gives the hash of a chain's code with its immutables put to zero, to be held against `codeHash` of the compiled code.
 *
 * @returns `undefined` where that cannot be equal: another length, or places of one immutable that differ
 */
export function codeHashOnChain(code: string, compiled: CompiledCode): string | undefined {
  if (code.length !== compiled.code.length) return undefined;
  let masked = code.toLowerCase();
  for (const places of compiled.immutables) {
    if (new Set(places.map((place) => partOf(code, place))).size > 1) return undefined;
    for (const { start, length } of places) {
      const [from, to] = [2 + 2 * start, 2 + 2 * (start + length)];
      masked = masked.slice(0, from) + "00".repeat(length) + masked.slice(to);
    }
  }
  return keccak256(masked);
}

function partOf(code: string, { start, length }: CodePart): string {
  return code.slice(2 + 2 * start, 2 + 2 * (start + length)).toLowerCase();
}
