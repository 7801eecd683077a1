import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { CID } from "multiformats/cid";

import { contentIdOf, digestOf } from "@commonweight/sdk/protocol/content-id";
import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { BlockExchange } from "./block-exchange.ts";
import type { Providers } from "./block-exchange.ts";
import { BlockStore } from "./block-store.ts";
import { Connector } from "../network/connector.ts";
import { contentClosed, contentIdInvalid, contentUnavailable } from "./content-errors.ts";
import { silentLog } from "../log.ts";
import type { Log } from "../log.ts";
import { readDag } from "./dag-reader.ts";
import { writeDurably } from "../journal/durable-file.ts";
import type { DurableWrite } from "../journal/durable-file.ts";
import { KeptBlocks } from "./kept-blocks.ts";
import { startNode } from "../network/libp2p-node.ts";
import type { Node } from "../network/libp2p-node.ts";
import { Meeting } from "../network/meeting.ts";
import { loadPeerKey } from "../network/peer-key.ts";
import type { ContentStore, FetchLimits } from "./port.ts";
import { importFile } from "./unixfs-profile.ts";

const DEFAULT_LISTEN = "/ip4/127.0.0.1/tcp/0";
const PARALLEL_BLOCKS = 8;

export interface HeliaOptions {
  /** The node's own folder: its key, its blocks, its peers. One process at a time. */
  readonly folder: string;
  /** Multiaddress to listen on; loopback with any free port unless given. */
  readonly listen?: string;
  /** Multiaddresses to tell others in place of the listening ones, where a router stands between. */
  readonly announce?: readonly string[];
  /** Multiaddresses, with peer ids, of the workers to begin with. */
  readonly bootstrap: readonly string[];
}

export interface HeliaModules {
  readonly log?: Log;
  readonly write?: DurableWrite;
}

/**
 * Opens the embedded content store: a libp2p node, Helia's bitswap and blockstore-fs, in one folder.
 *
 * The peer id is the folder's, so it survives restarts; the port need not.
 *
 * @throws CONTENT_BOOTSTRAP_INVALID, CONTENT_KEY_CORRUPT, CONTENT_DISK_FULL.
 */
export async function openHelia(options: HeliaOptions, modules: HeliaModules = {}): Promise<ContentStore> {
  const { log = silentLog, write = writeDurably } = modules;
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const store = new BlockStore(join(options.folder, "blocks"), log, write);
  const kept = await KeptBlocks.open(store, join(options.folder, "kept"), write);
  const node = await startNode({
    privateKey: await loadPeerKey(join(options.folder, "peer-key")),
    listen: options.listen ?? DEFAULT_LISTEN,
    announce: options.announce ?? [],
  });
  const exchange = await BlockExchange.start(node, store, log);
  try {
    const file = join(options.folder, "peers.json");
    const connector = await Connector.start(node, { bootstrap: options.bootstrap, file }, log);
    return new HeliaStore(node, exchange, connector, kept, log);
  } catch (error) {
    await exchange.stop();
    await node.stop();
    throw error;
  }
}

class HeliaStore implements ContentStore {
  readonly #node: Node;
  readonly #exchange: BlockExchange;
  readonly #connector: Connector;
  readonly #kept: KeptBlocks;
  readonly #log: Log;
  readonly #closing = new AbortController();
  readonly #meetings = new Map<string, Meeting>();
  readonly #fetching = new Map<ContentId, number>();

  constructor(node: Node, exchange: BlockExchange, connector: Connector, kept: KeptBlocks, log: Log) {
    this.#node = node;
    this.#exchange = exchange;
    this.#connector = connector;
    this.#kept = kept;
    this.#log = log;
  }

  addresses(): readonly string[] {
    return this.#node.getMultiaddrs().map(String);
  }

  async add(bytes: Uint8Array): Promise<ContentId> {
    this.#closing.signal.throwIfAborted();
    const { root, blocks } = await importFile(bytes);
    await this.#kept.addAll(root.toString(), blocks);
    // Children first: whoever gets the root finds them.
    for (const { cid } of blocks) await this.#exchange.announce(cid);
    return root.toString();
  }

  async fetch(id: ContentId, limits: FetchLimits, signal: AbortSignal): Promise<Uint8Array> {
    const root = parseId(id);
    const done = new AbortController();
    const late = AbortSignal.timeout(limits.timeoutMs);
    const ended = AbortSignal.any([signal, late, this.#closing.signal, done.signal]);
    ended.throwIfAborted();
    this.#countFetch(id, 1);
    try {
      const bytes = await this.#readDag(root, limits.maxBytes, ended);
      await this.#kept.keep(id);
      return bytes;
    } catch (error) {
      await this.#settleFailure(id, error);
      throw error === late.reason ? contentUnavailable(id, limits.timeoutMs, error) : error;
    } finally {
      this.#countFetch(id, -1);
      done.abort();
    }
  }

  async drop(id: ContentId): Promise<void> {
    parseId(id);
    await this.#kept.drop(id);
  }

  /** Returns when it has joined; announcing and redialling go on until `signal` aborts. */
  async meet(topic: string, signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    ended.throwIfAborted();
    if (this.#meetings.has(topic)) throw new Error(`already meeting on ${topic}`);
    const meeting = new Meeting(topic, this.#node, this.#connector, this.#log);
    this.#meetings.set(topic, meeting);
    ended.addEventListener("abort", () => this.#leave(topic), { once: true });
    meeting.join();
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(contentClosed());
    await this.#connector.stop();
    await this.#exchange.stop();
    await this.#node.stop();
    await this.#kept.close();
  }

  // What a broken content left is deleted; what time or a signal ended is left for the next try.
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

  #leave(topic: string): void {
    this.#meetings.get(topic)?.leave();
    this.#meetings.delete(topic);
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

function parseId(id: ContentId): CID {
  if (contentIdOf(digestOf(id)) !== id) throw contentIdInvalid(id);
  return CID.parse(id);
}
