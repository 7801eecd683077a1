import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

const result = z.object({
  key: z.string(),
  status: z.enum(["killed", "survived", "broken"]),
  /** Which test killed it, where it stands, and the digest of that file with the contracts. */
  test: z.string().optional(),
  file: z.string().optional(),
  digest: z.string(),
  error: z.string().optional(),
  timeout: z.boolean().optional(),
  /** Tests that came by and did not notice it, each with its file's digest. */
  passed: z.record(z.string(), z.string()).optional(),
  seconds: z.number(),
});

/** What became of a mutant. */
export type MutantResult = z.infer<typeof result>;

export interface ResultStore {
  /** What became of a mutant last, under whatever contracts and tests. */
  last(key: string): MutantResult | undefined;
  add(result: MutantResult): void;
}

/** Keeps results a line each, so that a run that was stopped goes on. */
export function openResultStore(path: string): ResultStore {
  const results = new Map<string, MutantResult>();
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  for (const one of lines.map(parse)) if (one !== undefined) results.set(one.key, one);
  mkdirSync(dirname(path), { recursive: true });
  return {
    last: (key) => results.get(key),
    add(one) {
      results.set(one.key, one);
      appendFileSync(path, `${JSON.stringify(one)}\n`);
    },
  };
}

/** Nothing for a line that was cut off. */
function parse(line: string): MutantResult | undefined {
  try {
    return result.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
