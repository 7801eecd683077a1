import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

/** What a study's `command.ts` exports. */
const studyCommand = z.object({
  /** What the study measures, in one line. */
  summary: z.string().regex(/^\S.*\S$/, "expected one line"),
  run: z.function({ input: [z.array(z.string()).readonly()], output: z.promise(z.void()) }),
});

export type StudyCommand = z.infer<typeof studyCommand>;

/** Names of the studies in `folder`: of its folders, in lower-case words joined by hyphens, that hold a `command.ts`. */
export function studyNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && existsSync(commandFile(folder, name)))
    .sort();
}

/** Loads the study of that name; `name` is one that `studyNames` gives. */
export async function loadStudy(folder: string, name: string): Promise<StudyCommand> {
  const module: unknown = await import(pathToFileURL(commandFile(folder, name)).href);
  return studyCommand.parse(module);
}

function commandFile(folder: string, name: string): string {
  return join(folder, name, "command.ts");
}
