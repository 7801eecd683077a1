import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PRIVATE_FOLDER } from "../make-folder.ts";

/** Longest path of a Unix socket that all systems take, in bytes. */
const MAX_PATH = 100;
const OTHERS = 0o077;

/** Where a worker's socket stands. */
export interface SenderPlace {
  readonly path: string;
  /** A folder of the socket's own among the temporary files; none where the socket stands in the account's folder. */
  readonly ownFolder?: string;
}

/**
 * The place of the socket of an account's worker on a chain: the account's folder, or where its path is too long for a
 * socket, a folder named after it among the temporary files. It follows from the folder's real path, so worker and
 * commands agree however they name the folder.
 *
 * @param folder the account's folder, which exists
 */
export function senderPlace(folder: string, chainId: bigint): SenderPlace {
  const path = join(realpathSync(folder), `worker-${chainId}.sock`);
  if (isShortEnough(path)) return { path };
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const ownFolder = join(tmpdir(), `commonweight-${name}`);
  return { path: join(ownFolder, "worker.sock"), ownFolder };
}

/** Makes the socket's own folder, if it has one; returns if a socket there can be nobody's but this user's. */
export function prepareSenderPlace(place: SenderPlace): boolean {
  if (!isShortEnough(place.path)) return false;
  const { ownFolder } = place;
  if (ownFolder === undefined) return true;
  if (lstatSync(ownFolder, { throwIfNoEntry: false }) === undefined) mkdirSync(ownFolder, { mode: PRIVATE_FOLDER });
  return isPrivate(ownFolder);
}

/** Returns if a worker of this user may be listening. What a stranger put among the temporary files is not used. */
export function hasSender({ path, ownFolder }: SenderPlace): boolean {
  return (ownFolder === undefined || isPrivate(ownFolder)) && existsSync(path);
}

function isShortEnough(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_PATH;
}

// Not followed: a stranger's link could lead to a folder of this user's. Systems without owners give no `getuid`.
function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  return (
    stat.isDirectory() &&
    (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & OTHERS) === 0))
  );
}
