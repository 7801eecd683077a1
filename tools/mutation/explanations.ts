import { existsSync, readFileSync } from "node:fs";

import { z } from "zod";

const explanation = z.strictObject({
  /** This and the next four fields are for readers only; the key identifies the mutant. */
  file: z.string(),
  scope: z.string(),
  operator: z.string(),
  original: z.string(),
  mutated: z.string(),
  /** Whether the mutant behaves like the contract, so that no test can detect it. */
  equivalent: z.boolean(),
  explanation: z.string().min(20),
});

/** Why a mutant survives. */
export type Explanation = z.infer<typeof explanation>;

/** Reads the explained survivors by their mutants' keys. */
export function readExplanations(path: string): ReadonlyMap<string, Explanation> {
  if (!existsSync(path)) return new Map();
  return new Map(Object.entries(z.record(z.string(), explanation).parse(JSON.parse(readFileSync(path, "utf8")))));
}
