import { readFileSync } from "node:fs";
import { join } from "node:path";

import { keccak256 } from "ethers";
import { z } from "zod";

/** Contracts of a deployment, by their key in the deployment file. */
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

/** A range of bytes that the constructor fills in. */
export interface CodePart {
  readonly start: number;
  readonly length: number;
}

/** A contract's runtime code as compiled, with zeros in place of immutables. */
export interface CompiledCode {
  readonly name: string;
  readonly code: string;
  /** For each immutable, all ranges where its value occurs. */
  readonly immutables: readonly (readonly CodePart[])[];
}

const artifact = z.object({
  // The pattern rejects code with an unlinked library, a placeholder `__$...$__`.
  deployedBytecode: z.string().regex(/^0x(?:[0-9a-f]{2})+$/),
  immutableReferences: z.record(z.string(), z.array(z.object({ start: z.int(), length: z.int() }))),
});

/** Reads the runtime code of the deployed contracts from the build in `folder`. */
export function compiledCodes(folder: string): readonly CompiledCode[] {
  return Object.values(DEPLOYED).map((name) => {
    const path = join(folder, `artifacts/contracts/${name}.sol/${name}.json`);
    const { deployedBytecode, immutableReferences } = artifact.parse(JSON.parse(readFileSync(path, "utf8")));
    return { name, code: deployedBytecode, immutables: Object.values(immutableReferences) };
  });
}

/** Returns the keccak256 of a contract's compiled code, with immutables as zeros. */
export function codeHash(code: string): string {
  return keccak256(code);
}

/**
 * Returns the keccak256 of code on chain with its immutables set to zero, for comparison with `codeHash`.
 *
 * @returns `undefined` if the length differs, or if one immutable has different values in different places
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
