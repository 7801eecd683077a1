import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The program's path, or the reason why it is missing. */
export type Located =
  { readonly kind: "found"; readonly path: string } | { readonly kind: "missing"; readonly reason: string };

/** Where to look for a program. */
export interface ProgramPlace {
  readonly name: string;
  /** Environment variable with the program's path. */
  readonly variable: string;
  /** Folder of the program if this project installed it. */
  readonly installFolder: string;
}

/**
 * Finds a program: at the path in its variable, else where this project installs it, else on the PATH.
 *
 * @returns `undefined` if it is in none of these places, so that installing it would help
 */
export function findProgram({ name, variable, installFolder }: ProgramPlace): Located | undefined {
  const named = process.env[variable];
  if (named !== undefined && named !== "") {
    if (isProgram(named)) return { kind: "found", path: named };
    return missing(`${variable} is ${named}, which is not an executable file`);
  }
  const path = [installFolder, ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find(isProgram);
  return path === undefined ? undefined : { kind: "found", path };
}

/** A program that cannot be had, with the reason. */
export function missing(reason: string): Located {
  return { kind: "missing", reason };
}

/** Whether a path is an executable file. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The last line of a program's output, which usually says why it failed. */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
