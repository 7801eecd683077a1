import { readFile, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";

import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import { makeFolder, PRIVATE_FOLDER } from "../make-folder.ts";
import { ignoreMissing, UNFINISHED_PREFIX, writeDurably, type DurableWrite } from "../journal/durable-file.ts";

/**
 * Claims of roots on blocks, so that releasing one root deletes only the blocks that no other root needs.
 *
 * A block is claimed for a root before it is written; `keep` makes the root's claims durable, in one file per root in
 * `folder` with one block per line.
 */
export class KeptRoots {
  readonly #folder: string;
  readonly #write: DurableWrite;
  readonly #claims = new Map<ContentId, Set<string>>();
  readonly #uses = new Map<string, number>();
  readonly #kept = new Set<ContentId>();

  private constructor(folder: string, write: DurableWrite) {
    this.#folder = folder;
    this.#write = write;
  }

  /** Reads the claims that earlier processes kept. */
  static async open(folder: string, write: DurableWrite = writeDurably): Promise<KeptRoots> {
    makeFolder(folder, PRIVATE_FOLDER);
    const kept = new KeptRoots(folder, write);
    for (const name of await readdir(folder)) await kept.#load(name);
    return kept;
  }

  /** Every claimed block. */
  blocks(): ReadonlySet<string> {
    return new Set(this.#uses.keys());
  }

  /** Claims a block for a root, in memory. */
  claim(root: ContentId, block: string): void {
    const claims = this.#claims.get(root) ?? new Set();
    this.#claims.set(root, claims);
    if (claims.has(block)) return;
    claims.add(block);
    this.#uses.set(block, (this.#uses.get(block) ?? 0) + 1);
  }

  /** Whether the root's claims are durable. */
  isKept(root: ContentId): boolean {
    return this.#kept.has(root);
  }

  /** Makes the root's claims durable. */
  async keep(root: ContentId): Promise<void> {
    if (this.#kept.has(root)) return;
    const lines = [...(this.#claims.get(root) ?? [])].join("\n");
    await this.#write(join(this.#folder, root), Buffer.from(lines));
    this.#kept.add(root);
  }

  /** Releases the root and returns the blocks that no root claims any more. */
  async release(root: ContentId): Promise<readonly string[]> {
    await unlink(join(this.#folder, root)).catch(ignoreMissing);
    this.#kept.delete(root);
    const claims = this.#claims.get(root) ?? new Set();
    this.#claims.delete(root);
    return [...claims].filter((block) => this.#release(block));
  }

  #release(block: string): boolean {
    const uses = (this.#uses.get(block) ?? 0) - 1;
    if (uses > 0) {
      this.#uses.set(block, uses);
      return false;
    }
    this.#uses.delete(block);
    return true;
  }

  async #load(name: string): Promise<void> {
    const path = join(this.#folder, name);
    if (name.startsWith(UNFINISHED_PREFIX)) return unlink(path);
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.length > 0);
    for (const block of lines) this.claim(name, block);
    this.#kept.add(name);
  }
}
