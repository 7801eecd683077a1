import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";

/** Longest path of a Unix socket that all systems take, in bytes. */
const MAX_PATH = 100;

/**
 * The socket of an account's worker on a chain: in the account's folder, or, where that path is too long for a socket,
 * in a folder of this user's for temporary files.
 *
 * @param folder of the account; it exists
 * @throws SENDER_FOLDER_UNSAFE others may write into the folder for temporary files
 */
export function senderPath(folder: string, chainId: bigint): string {
  const name = `worker-${chainId}.sock`;
  const own = join(folder, name);
  if (Buffer.byteLength(own) <= MAX_PATH) return own;
  const digest = createHash("sha256")
    .update(join(realpathSync(folder), name))
    .digest("hex");
  return join(ownTemporaryFolder(), `${digest.slice(0, 16)}.sock`);
}

/** A folder for temporary files that only this user may open; created if it is missing. */
function ownTemporaryFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const path = join(tmpdir(), `commonweight-${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return path;
  throw new CommonweightError(
    "SENDER_FOLDER_UNSAFE",
    `${path} is not a folder that only this user may open`,
    "Remove it, or name a data folder with a shorter path (--data-dir).",
  );
}
