import type { CID } from "multiformats/cid";

import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import type { BlockStore } from "./block-store.ts";
import { diskError } from "./content-errors.ts";
import type { DurableWrite } from "../journal/durable-file.ts";
import { KeptRoots } from "./kept-roots.ts";
import type { Block } from "./unixfs-profile.ts";

const MAX_PARTS = 16;

/**
 * The block store and the record of which roots claim its blocks, changed together: one change at a time, and a block
 * is deleted only once no root claims it.
 *
 * @throws CONTENT_DISK_FULL from every method that writes
 */
export class KeptBlocks {
  readonly #store: BlockStore;
  readonly #roots: KeptRoots;
  /** Roots of unfinished fetches, the oldest first; the blocks of up to `MAX_PARTS` are kept for the next attempt. */
  readonly #parts = new Set<ContentId>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(store: BlockStore, roots: KeptRoots) {
    this.#store = store;
    this.#roots = roots;
  }

  /** Opens the store and removes the blocks that no kept root claims. */
  static async open(store: BlockStore, folder: string, write: DurableWrite): Promise<KeptBlocks> {
    await store.open();
    const roots = await KeptRoots.open(folder, write);
    await store.sweep(roots.blocks());
    return new KeptBlocks(store, roots);
  }

  /** Stores and keeps all blocks of a root; on failure, nothing new remains. */
  async addAll(root: ContentId, blocks: readonly Block[]): Promise<void> {
    try {
      for (const block of blocks) await this.add(root, block);
      await this.keep(root);
    } catch (error) {
      await this.giveUp(root);
      throw error;
    }
  }

  /** Stores a verified block of the root, unless an intact copy exists. */
  add(root: ContentId, { cid, bytes }: Block): Promise<void> {
    return this.#change(async () => {
      this.#roots.claim(root, this.#store.fileOf(cid));
      if ((await this.#store.read(cid)) === undefined) await this.#store.put(cid, bytes);
    });
  }

  /** The verified bytes of a local block, claimed for the root; `undefined` if it is missing. */
  read(root: ContentId, cid: CID): Promise<Uint8Array | undefined> {
    return this.#change(async () => {
      const bytes = await this.#store.read(cid);
      if (bytes !== undefined) this.#roots.claim(root, this.#store.fileOf(cid));
      return bytes;
    });
  }

  /** Keeps the root's blocks across restarts. */
  keep(root: ContentId): Promise<void> {
    return this.#change(async () => {
      await this.#roots.keep(root);
      this.#parts.delete(root);
    });
  }

  /** Deletes the root's blocks unless the root is kept. */
  async giveUp(root: ContentId): Promise<void> {
    if (!this.#roots.isKept(root)) await this.drop(root);
  }

  /** Leaves an unfinished root's blocks for the next attempt. */
  async leave(root: ContentId): Promise<void> {
    if (this.#roots.isKept(root)) return;
    this.#parts.add(root);
    for (const oldest of [...this.#parts].slice(0, -MAX_PARTS)) await this.drop(oldest);
  }

  /** Releases the root and deletes its blocks, except those that other roots claim. */
  drop(root: ContentId): Promise<void> {
    return this.#change(async () => {
      this.#parts.delete(root);
      for (const file of await this.#roots.release(root)) await this.#store.deleteFile(file);
    });
  }

  /** Waits for running changes. */
  async close(): Promise<void> {
    await this.#last;
  }

  #change<T>(act: () => Promise<T>): Promise<T> {
    const change = this.#last.then(act).catch((error: unknown) => {
      throw diskError(error);
    });
    this.#last = change.catch(() => {}); // The caller of the change gets its error; the next change still starts.
    return change;
  }
}
