import { randomBytes } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { makeFolder, PRIVATE_FOLDER } from "../make-folder.ts";

/** Prefix of temporary files. After a crash, remaining ones can be deleted. */
export const UNFINISHED_PREFIX = ".unfinished-";

/** Writes a file durably: on disk when it resolves. A crash leaves the old file (or none) or the complete new one. */
export type DurableWrite = (path: string, bytes: Uint8Array) => Promise<void>;

/** {@link DurableWrite} with a synced temporary file, a rename and a synced folder; mode 0600. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  makeFolder(folder, PRIVATE_FOLDER);
  const unfinished = join(folder, `${UNFINISHED_PREFIX}${randomBytes(6).toString("hex")}-${basename(path).slice(-40)}`);
  try {
    await writeAndSync(unfinished, bytes);
    await rename(unfinished, path);
  } catch (error) {
    await unlink(unfinished).catch(ignoreMissing);
    throw error;
  }
  await syncFolder(folder);
}

/** Rethrows everything but a missing file. */
export function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
