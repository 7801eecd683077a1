import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

const result = z.object({
  key: z.string(),
  /** Of the contracts; a survivor's also of the tests: a new test may kill it. */
  digest: z.string(),
  status: z.enum(["killed", "survived", "broken"]),
  /** How many tests come by its place, where none of them noticed it. */
  tests: z.number().optional(),
  /** Where it was killed. */
  file: z.string().optional(),
  test: z.string().optional(),
  error: z.string().optional(),
  timeout: z.boolean().optional(),
  seconds: z.number(),
});

/** What became of a mutant. */
export type MutantResult = z.infer<typeof result>;

export interface ResultStore {
  /** The test that killed a mutant last, under whatever contracts. */
  killerOf(key: string): string | undefined;
  find(key: string, digests: readonly string[]): MutantResult | undefined;
  add(result: MutantResult): void;
}

/** Keeps results a line each, so that a run that was stopped goes on. */
export function openResultStore(path: string): ResultStore {
  const results = new Map<string, MutantResult>();
  const place = (key: string, digest: string) => `${key} ${digest}`;
  const killers = new Map<string, string>();
  const keep = (one: MutantResult) => {
    results.set(place(one.key, one.digest), one);
    if (one.test !== undefined) killers.set(one.key, one.test);
  };
  if (existsSync(path)) {
    for (const line of readFileSync(path, "utf8").split("\n")) {
      const parsed = parse(line);
      if (parsed !== undefined) keep(parsed);
    }
  }
  mkdirSync(dirname(path), { recursive: true });
  return {
    killerOf: (key) => killers.get(key),
    find: (key, digests) => digests.map((digest) => results.get(place(key, digest))).find((one) => one !== undefined),
    add(one) {
      keep(one);
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
