import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { ReleaseFiles } from "../../roles/releases/fetch-release.ts";
import type { ModelShelf, WrittenFile } from "../../roles/releases/model-shelf.ts";
import { ignoreMissing, writeDurably, type DurableWrite } from "../../journal/durable-file.ts";

/** Written last: a folder that has it has the whole model. */
const LAST = "model.json";
const DISK_FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

const described = z.object({ userDefinedMetadata: z.object({ model: z.string() }) });

export interface FolderOptions {
  /** Whether another model's files may be replaced. */
  readonly overwrite: boolean;
  readonly write?: DurableWrite;
}

/**
 * Writes a model's files into a folder: each appears whole or not at all, `model.json` last. Files of the same model
 * with other facts, such as a confirmation that came since, are replaced; files with other names stay.
 *
 * @throws MODEL_FOLDER_OTHER another model's files, or other files of these names, are there, without `overwrite` ·
 * MODEL_FOLDER_UNWRITABLE · MODEL_DISK_FULL
 */
export async function writeModelFolder(
  folder: string,
  { model, files }: ReleaseFiles,
  { overwrite, write = writeDurably }: FolderOptions,
): Promise<readonly WrittenFile[]> {
  try {
    const names = Object.keys(files).toSorted((a, b) => Number(a === LAST) - Number(b === LAST));
    const changes = new Map<string, WrittenFile["change"]>();
    for (const name of names) changes.set(name, await changeOf(join(folder, name), files[name] ?? new Uint8Array()));
    const replaced = names.filter((name) => changes.get(name) === "replaced");
    const isOther = replaced.length > 0 && (await modelIn(folder)) !== model;
    if (isOther && !overwrite) throw otherModel(folder, replaced);
    // Two models must not be mixed if the writing is interrupted.
    if (isOther) for (const name of replaced.toReversed()) await unlink(join(folder, name)).catch(ignoreMissing);
    for (const name of names) {
      if (changes.get(name) !== "unchanged") await write(join(folder, name), files[name] ?? new Uint8Array());
    }
    return names.map((name) => ({ path: join(folder, name), change: changes.get(name) ?? "written" }));
  } catch (error) {
    throw folderError(folder, error);
  }
}

/** The folder of a job's models: `round-1`, `round-2` and so on, each written as {@link writeModelFolder} does. */
export function modelShelf(folder: string, options: FolderOptions = { overwrite: false }): ModelShelf {
  const folderOf = (round: number) => join(folder, `round-${round}`);
  return { folderOf, write: (round, release) => writeModelFolder(folderOf(round), release, options) };
}

async function changeOf(path: string, bytes: Uint8Array): Promise<WrittenFile["change"]> {
  const before = await readFile(path).catch(ignoreMissing);
  if (before === undefined) return "written";
  return Buffer.compare(before, bytes) === 0 ? "unchanged" : "replaced";
}

/** Content id of the model whose `model.json` is in the folder; `undefined` if this program wrote none. */
async function modelIn(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, LAST), "utf8").catch(ignoreMissing);
  if (text === undefined) return undefined;
  try {
    return described.safeParse(JSON.parse(text)).data?.userDefinedMetadata.model;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // Another program's file: it is not overwritten.
    throw error;
  }
}

function otherModel(folder: string, names: readonly string[]): CommonweightError {
  return new CommonweightError(
    "MODEL_FOLDER_OTHER",
    `${folder} has other content: ${names.join(", ")}`,
    "Choose another folder (--out), or replace these files: --overwrite. Nothing was written.",
  );
}

/** Gives file system errors a code and the next step; other errors stay. */
function folderError(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error instanceof CommonweightError) return error;
  const { message, code } = error;
  if (DISK_FULL.has(String(code))) {
    return new CommonweightError(
      "MODEL_DISK_FULL",
      `no space left for the model in ${folder}`,
      "Free some space, or name a folder on another disk. Files that were there are whole.",
      { cause: error },
    );
  }
  return new CommonweightError(
    "MODEL_FOLDER_UNWRITABLE",
    `the model cannot be written to ${folder}: ${message}`,
    "Name a folder that this account may write to.",
    { cause: error },
  );
}
