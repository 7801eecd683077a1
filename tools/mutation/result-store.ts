import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

const result = z.object({
  key: z.string(),
  status: z.enum(["killed", "survived", "broken"]),
  /** The test that killed it, that test's file, and the digest of the file and the contracts. */
  test: z.string().optional(),
  file: z.string().optional(),
  digest: z.string(),
  error: z.string().optional(),
  timeout: z.boolean().optional(),
  /** Tests that reached it and passed, each with its file's digest. */
  passed: z.record(z.string(), z.string()).optional(),
  seconds: z.number(),
});

/** Result of one mutant. */
export type MutantResult = z.infer<typeof result>;

export interface ResultStore {
  /** A mutant's latest result, possibly for older contracts and tests. */
  last(key: string): MutantResult | undefined;
  add(result: MutantResult): void;
}

/** Opens a file with one result per line, so that a run that was stopped can resume. */
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

/** Returns `undefined` for a truncated line. */
function parse(line: string): MutantResult | undefined {
  try {
    return result.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
