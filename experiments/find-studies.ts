import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";

type Run = (argv: readonly string[]) => Promise<void>;

/** What a study's `command.ts` exports. */
const studyCommand = z.object({
  /** What the study measures, in one line. */
  summary: z.string().regex(/^\S.*\S$/, "expected one line"),
  /** Runs it with the arguments after its name. */
  run: z.custom<Run>((value) => typeof value === "function", "expected a function"),
});

export type StudyCommand = z.infer<typeof studyCommand>;

/** Names of the studies in `folder`: subfolders with a `command.ts`, named by lower-case words joined by hyphens. */
export function studyNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && existsSync(commandFile(folder, name)))
    .sort();
}

/**
 * Loads a study.
 *
 * @param name a name from `studyNames`
 * @throws STUDY_INVALID
 */
export async function loadStudy(folder: string, name: string): Promise<StudyCommand> {
  const module: unknown = await import(pathToFileURL(commandFile(folder, name)).href);
  const { data, error } = studyCommand.safeParse(module);
  if (data !== undefined) return data;
  throw new CommonweightError(
    "STUDY_INVALID",
    `the study ${name} has an invalid command.ts: ${z.prettifyError(error)}`,
    "Export `summary`, a string of one line, and `run`, a function of the arguments.",
    { cause: error },
  );
}

function commandFile(folder: string, name: string): string {
  return join(folder, name, "command.ts");
}
