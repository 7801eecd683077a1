import { lstat, readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { topicOf } from "../../roles/worker/job-context.ts";

/** Limits of a served folder. A file is read into memory at once. */
const MOST_FILES = 10_000;
const MOST_BYTES = 1_073_741_824;
const MODEL_FILE = "model.json";

/** A file to serve. */
export interface ServedFile {
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly read: () => Promise<Uint8Array>;
}

export interface ServedFolder {
  readonly files: readonly ServedFile[];
  /** Topics of the jobs whose models are in the folder: their workers and users find this node there. */
  readonly topics: readonly string[];
}

const place = z.object({
  userDefinedMetadata: z.object({
    chain: z.string().regex(/^\d{1,78}$/),
    market: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    job: z.string().regex(/^[1-9]\d{0,17}$/),
  }),
});

/**
 * Lists the regular files of a folder and its subfolders; hidden ones and links are left out.
 *
 * @throws CONTENT_FOLDER_MISSING · CONTENT_FOLDER_EMPTY · CONTENT_FOLDER_TOO_LARGE
 */
export async function readServedFolder(folder: string): Promise<ServedFolder> {
  const paths: string[] = [];
  for (const entry of await listed(folder)) {
    const path = join(entry.parentPath, entry.name);
    const isHidden = path
      .slice(folder.length)
      .split(/[\\/]/)
      .some((step) => step.startsWith("."));
    if (entry.isFile() && !isHidden) paths.push(path);
  }
  if (paths.length === 0) throw empty(folder);
  if (paths.length > MOST_FILES) throw tooLarge(`${folder} has ${paths.length} files, more than ${MOST_FILES}`);
  const files = await Promise.all(paths.toSorted().map(fileAt));
  const topics = new Set<string>();
  for (const { path, read } of files) {
    const topic = basename(path) === MODEL_FILE ? topicIn(await read()) : undefined;
    if (topic !== undefined) topics.add(topic);
  }
  return { files, topics: [...topics] };
}

async function listed(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw new CommonweightError(
      "CONTENT_FOLDER_MISSING",
      `${folder} cannot be read as a folder`,
      "Name a folder, such as the one that `commonweight model fetch` wrote.",
      { cause },
    );
  }
}

async function fileAt(path: string): Promise<ServedFile> {
  const { size } = await lstat(path);
  if (size > MOST_BYTES) throw tooLarge(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
  return { path, bytes: size, read: () => readFile(path) };
}

/** The topic of the job that a `model.json` names; `undefined` for one that names none. */
function topicIn(bytes: Uint8Array): string | undefined {
  try {
    const { userDefinedMetadata: at } = place.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return topicOf(BigInt(at.chain), at.market, BigInt(at.job));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined; // It is served all the same.
    throw error;
  }
}

function empty(folder: string): CommonweightError {
  return new CommonweightError(
    "CONTENT_FOLDER_EMPTY",
    `${folder} has no files to serve`,
    "Name a folder with files; hidden files and links are left out.",
  );
}

function tooLarge(message: string): CommonweightError {
  return new CommonweightError("CONTENT_FOLDER_TOO_LARGE", message, "Serve a smaller folder.");
}
