import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { FORGE_FOLDER } from "../forge/forge-workspace.ts";
import type { Part, Slice } from "./slice.ts";

const part = z.object({
  key: z.string(),
  tests: z.array(
    z.object({
      name: z.string(),
      passed: z.literal(true),
      reason: z.undefined().optional(),
      runs: z.number(),
      calls: z.number(),
    }),
  ),
  successes: z.array(z.number()),
});

/** Parts that passed, saved to disk as they finish, so that an interrupted campaign can resume. */
export interface FinishedParts {
  find(slice: Slice): Part | undefined;
  note(slice: Slice, result: Part): void;
}

/**
 * Opens the finished parts of a campaign for the present contracts and tests.
 *
 * @param resume whether to keep the parts of an earlier run; otherwise they are deleted
 */
export function openFinishedParts(campaign: string, resume: boolean): FinishedParts {
  const path = join(FORGE_FOLDER, `finished-${campaign}.jsonl`);
  if (!resume) rmSync(path, { force: true });
  const code = codeHash();
  const known = new Map(readParts(path).map((one) => [one.key, one]));
  return {
    find: (slice) => {
      const found = known.get(keyOf(slice, code));
      return (
        found && { tests: found.tests.map((test) => ({ ...test, reason: undefined })), successes: found.successes }
      );
    },
    note: (slice, result) => {
      if (result.tests.length === 0 || result.tests.some(({ passed }) => !passed)) return;
      appendFileSync(path, `${JSON.stringify({ key: keyOf(slice, code), ...result })}\n`);
    },
  };
}

/** Hash of everything that determines a part's result: tests, seed, length, environment and code. */
function keyOf({ campaign, files, runs, seed, environment }: Slice, code: string): string {
  const fields = [campaign, files, runs, seed.toString(), Object.entries(environment), code];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

function codeHash(): string {
  const hash = createHash("sha256");
  const files = globSync(["artifacts/contracts/**/*.json", "test/**/*.sol", "contracts/**/*.sol"], {
    cwd: FORGE_FOLDER,
  });
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(join(FORGE_FOLDER, file)));
  return hash.digest("hex");
}

/** Ignores the text after the last newline: an interrupted run may leave a partial line. */
function readParts(path: string): readonly z.infer<typeof part>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => part.parse(JSON.parse(line)));
}
