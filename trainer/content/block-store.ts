import { createHash } from "node:crypto";
import { readFile, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";

import { FsBlockstore } from "blockstore-fs";
import { NextToLast } from "blockstore-fs/sharding";
import { NotFoundError } from "interface-store";
import type { CID } from "multiformats/cid";

import type { Log } from "../log.ts";
import { ignoreMissing, UNFINISHED_PREFIX, writeDurably, type DurableWrite } from "../journal/durable-file.ts";

const SHA2_256 = 0x12;

/**
 * blockstore-fs with two additions: a block is on disk when `put` resolves, and a block whose bytes do not hash to its
 * id (a disk error, a file truncated by a power failure) is removed on reading instead of being served.
 *
 * Only sha2-256 blocks are supported; every other hash, identity included, is "not found".
 */
export class BlockStore extends FsBlockstore {
  readonly #paths = new NextToLast();
  readonly #write: DurableWrite;
  readonly #log: Log;

  constructor(folder: string, log: Log, write: DurableWrite = writeDurably) {
    super(folder);
    this.#log = log;
    this.#write = write;
  }

  /** Writes the block durably, replacing any file. The caller has verified the bytes. */
  override async put(cid: CID, bytes: Uint8Array): Promise<CID> {
    await this.#write(this.#pathOf(cid), bytes);
    return cid;
  }

  /** The block's verified bytes; `undefined` if it is missing or was damaged. */
  async read(cid: CID): Promise<Uint8Array | undefined> {
    if (!isSha256(cid)) return undefined;
    const bytes = await readFile(this.#pathOf(cid)).catch(ignoreMissing);
    if (bytes === undefined || matches(cid, bytes)) return bytes;
    this.#log.warn({ cid: cid.toString(), bytes: bytes.length }, "removed a damaged block");
    await this.delete(cid);
    return undefined;
  }

  /** {@link read} in the form that bitswap needs. */
  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(cid);
    if (bytes === undefined) throw new NotFoundError(cid.toString());
    yield bytes;
  }

  override async has(cid: CID): Promise<boolean> {
    return isSha256(cid) && super.has(cid);
  }

  /** Removes every file whose block is not in `wanted`: remains of crashes and unfinished fetches. */
  async sweep(wanted: ReadonlySet<string>): Promise<void> {
    for (const entry of await readdir(this.path, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !this.#isWanted(entry.name, wanted)) {
        await unlink(join(entry.parentPath, entry.name)).catch(ignoreMissing);
      }
    }
  }

  /** Deletes the block in the file of this name. */
  async deleteFile(file: string): Promise<void> {
    await this.delete(this.#paths.decode(file));
  }

  #isWanted(name: string, wanted: ReadonlySet<string>): boolean {
    return !name.startsWith(UNFINISHED_PREFIX) && wanted.has(name);
  }

  /** The name of a block's file, also its key in {@link sweep}. */
  fileOf(cid: CID): string {
    return this.#paths.encode(cid).file;
  }

  #pathOf(cid: CID): string {
    const { dir, file } = this.#paths.encode(cid);
    return join(this.path, dir, file);
  }
}

/** Whether the bytes hash to the id; false for every hash but sha2-256 in full length. */
export function matches(cid: CID, bytes: Uint8Array): boolean {
  return isSha256(cid) && createHash("sha256").update(bytes).digest().equals(cid.multihash.digest);
}

function isSha256(cid: CID): boolean {
  return cid.multihash.code === SHA2_256 && cid.multihash.digest.length === 32;
}
