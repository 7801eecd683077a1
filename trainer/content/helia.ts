import { join } from "node:path";

import type { CID } from "multiformats/cid";

import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { makeFolder, PRIVATE_FOLDER } from "../make-folder.ts";
import { BlockExchange } from "./block-exchange.ts";
import type { Providers } from "./block-exchange.ts";
import { BlockStore } from "./block-store.ts";
import { contentClosed, contentUnavailable } from "./content-errors.ts";
import { silentLog } from "../log.ts";
import type { Log } from "../log.ts";
import { readDag } from "./dag-reader.ts";
import { writeDurably } from "../journal/durable-file.ts";
import type { DurableWrite } from "../journal/durable-file.ts";
import { KeptBlocks } from "./kept-blocks.ts";
import type { Libp2pSwarm } from "../network/libp2p.ts";
import { parseContentId } from "./parse-content-id.ts";
import type { ContentStore, FetchLimits } from "./port.ts";
import { importFile } from "./unixfs-profile.ts";

const DEFAULT_FETCH_TIMEOUT_MS = 30_000;
const PARALLEL_BLOCKS = 8;

export interface HeliaOptions {
  /** Folder of the blocks. One process at a time. */
  readonly folder: string;
  /** Timeout for a whole file; then `CONTENT_UNAVAILABLE`. */
  readonly fetchTimeoutMs?: number;
}

export interface HeliaModules {
  /** Not yet started, so that every peer learns that this node has bitswap. Stays open when the store closes. */
  readonly network: Pick<Libp2pSwarm, "node">;
  readonly log?: Log;
  readonly write?: DurableWrite;
}

/**
 * Opens the embedded content store: Helia's bitswap on a libp2p node, and blockstore-fs in a folder.
 *
 * @throws CONTENT_DISK_FULL.
 */
export async function openHelia(options: HeliaOptions, modules: HeliaModules): Promise<ContentStore> {
  const { folder, fetchTimeoutMs = DEFAULT_FETCH_TIMEOUT_MS } = options;
  const { network, log = silentLog, write = writeDurably } = modules;
  makeFolder(folder, PRIVATE_FOLDER);
  const store = new BlockStore(join(folder, "blocks"), log, write);
  const kept = await KeptBlocks.open(store, join(folder, "kept"), write);
  return new HeliaStore(await BlockExchange.start(network.node, store, log), kept, fetchTimeoutMs);
}

class HeliaStore implements ContentStore {
  readonly #exchange: BlockExchange;
  readonly #kept: KeptBlocks;
  readonly #fetchTimeoutMs: number;
  readonly #closing = new AbortController();
  readonly #fetching = new Map<ContentId, number>();

  constructor(exchange: BlockExchange, kept: KeptBlocks, fetchTimeoutMs: number) {
    this.#exchange = exchange;
    this.#kept = kept;
    this.#fetchTimeoutMs = fetchTimeoutMs;
  }

  async add(bytes: Uint8Array): Promise<ContentId> {
    this.#closing.signal.throwIfAborted();
    const { root, blocks } = await importFile(bytes);
    await this.#kept.addAll(root.toString(), blocks);
    // Children first, so that a peer with the root finds them.
    for (const { cid } of blocks) await this.#exchange.announce(cid);
    return root.toString();
  }

  async fetch(id: ContentId, { maxBytes }: FetchLimits, signal: AbortSignal): Promise<Uint8Array> {
    const root = parseContentId(id);
    const done = new AbortController();
    const late = AbortSignal.timeout(this.#fetchTimeoutMs);
    const ended = AbortSignal.any([signal, late, this.#closing.signal, done.signal]);
    ended.throwIfAborted();
    this.#countFetch(id, 1);
    try {
      const bytes = await this.#readDag(root, maxBytes, ended);
      await this.#kept.keep(id);
      return bytes;
    } catch (error) {
      await this.#settleFailure(id, error);
      throw error === late.reason ? contentUnavailable(id, this.#fetchTimeoutMs, error) : error;
    } finally {
      this.#countFetch(id, -1);
      done.abort();
    }
  }

  async drop(id: ContentId): Promise<void> {
    parseContentId(id);
    await this.#kept.drop(id);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(contentClosed());
    await this.#exchange.stop();
    await this.#kept.close();
  }

  // Blocks of corrupt content are deleted; after a timeout or an abort they are kept for the next attempt.
  async #settleFailure(id: ContentId, error: unknown): Promise<void> {
    if (this.#fetching.get(id) !== 1) return;
    await (error instanceof CommonweightError && error !== this.#closing.signal.reason
      ? this.#kept.giveUp(id)
      : this.#kept.leave(id));
  }

  #countFetch(id: ContentId, change: 1 | -1): void {
    const count = (this.#fetching.get(id) ?? 0) + change;
    if (count > 0) this.#fetching.set(id, count);
    else this.#fetching.delete(id);
  }

  #readDag(root: CID, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const id = root.toString();
    const providers: Providers = new Set();
    return readDag(root, maxBytes, PARALLEL_BLOCKS, async (cid) => {
      signal.throwIfAborted();
      const local = await this.#kept.read(id, cid);
      if (local !== undefined) return local;
      const bytes = await this.#exchange.want(cid, providers, signal);
      await this.#kept.add(id, { cid, bytes });
      await this.#exchange.announce(cid);
      return bytes;
    });
  }
}
