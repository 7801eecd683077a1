import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Only the owner may enter. */
export const PRIVATE_FOLDER = 0o700;

/**
 * Makes a folder and its missing parents, each level once: Node's own recursive call never ends where a parent exists
 * but cannot hold folders, such as /proc.
 *
 * @param mode permission bits of each folder that is made, less the process' mask
 * @throws the file system's error; ENOTDIR if a file stands in the way
 */
export function makeFolder(path: string, mode = 0o777): void {
  const folder = resolve(path);
  if (make(folder, mode) === undefined) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent, mode);
  const missing = make(folder, mode);
  if (missing !== undefined) throw missing;
}

/** Makes one level, unless it exists; returns the error if its parent is missing. */
function make(folder: string, mode: number): Error | undefined {
  try {
    mkdirSync(folder, { mode });
    return undefined;
  } catch (error) {
    if (error instanceof Error && hasCode(error, "ENOENT")) return error;
    // Some systems refuse to make a folder that exists with another code, such as on a read-only disk.
    if (isFolder(folder)) return undefined;
    throw hasCode(error, "EEXIST") ? notFolder(folder, error) : error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function notFolder(path: string, cause: unknown): Error {
  return Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`, { cause }), { code: "ENOTDIR" });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
