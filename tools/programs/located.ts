import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The program's path, or the reason why it is missing. */
export type Located =
  { readonly kind: "found"; readonly path: string } | { readonly kind: "missing"; readonly reason: string };

export function missing(reason: string): Located {
  return { kind: "missing", reason };
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds a program: at the path in its environment variable, else in one of the folders, else on the PATH.
 *
 * @returns `undefined` if it is in neither place
 */
export function findProgram(name: string, variable: string, folders: readonly string[]): Located | undefined {
  const named = process.env[variable];
  if (named !== undefined && named !== "") {
    if (isProgram(named)) return { kind: "found", path: named };
    return missing(`${variable} is ${named}, which is not an executable file`);
  }
  const path = [...folders, ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find(isProgram);
  return path === undefined ? undefined : { kind: "found", path };
}

/** The last line of a program's output, for a reason. */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
