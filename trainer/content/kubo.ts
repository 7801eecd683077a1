import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { sha256 } from "multiformats/hashes/sha2";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import { daemonDown, daemonFaulty } from "../network/kubo-errors.ts";
import type { KuboRpc, Run } from "../network/kubo-rpc.ts";
import { silentLog, type Log } from "../log.ts";
import { matches } from "./block-store.ts";
import { contentClosed, contentUnavailable, diskFull } from "./content-errors.ts";
import { readDag } from "./dag-reader.ts";
import { parseContentId } from "./parse-content-id.ts";
import type { ContentStore, FetchLimits } from "./port.ts";
import { importFile, MAX_BLOCK_BYTES, type Block } from "./unixfs-profile.ts";

const DEFAULT_FETCH_TIMEOUT_MS = 30_000;
const PARALLEL_BLOCKS = 8;
const REMOVE_AT_ONCE = 100;
/** Messages of a daemon without space on its disk, or above its own limit (`Datastore.StorageMax`). */
const NO_SPACE = /no space left|disk quota|storage limit exceeded/i;
const NOT_PINNED = /not pinned/i;

export interface KuboOptions {
  /** Whose content this is, such as an account: several workers may use one daemon. */
  readonly owner: string;
  /** Timeout for a whole file; then `CONTENT_UNAVAILABLE`. */
  readonly fetchTimeoutMs?: number;
}

export interface KuboModules {
  readonly rpc: KuboRpc;
  readonly log?: Log;
}

/**
 * Opens the content store of a running Kubo daemon.
 *
 * The blocks are made and checked here; the daemon only stores, pins and exchanges single blocks. So the ids are this
 * project's whatever the daemon's import settings are, and every block that it returns is verified and bounded.
 */
export function openKubo(options: KuboOptions, { rpc, log = silentLog }: KuboModules): ContentStore {
  return new KuboStore(rpc, log, options);
}

class KuboStore implements ContentStore {
  readonly #rpc: KuboRpc;
  readonly #log: Log;
  readonly #owner: string;
  readonly #fetchTimeoutMs: number;
  readonly #closing = new AbortController();

  constructor(rpc: KuboRpc, log: Log, { owner, fetchTimeoutMs = DEFAULT_FETCH_TIMEOUT_MS }: KuboOptions) {
    this.#rpc = rpc;
    this.#log = log;
    this.#owner = owner;
    this.#fetchTimeoutMs = fetchTimeoutMs;
  }

  async add(bytes: Uint8Array): Promise<ContentId> {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const { root, blocks } = await importFile(bytes);
    const distinct = new Map(blocks.map((block) => [block.cid.toString(), block]));
    for (const block of distinct.values()) await this.#put(block, signal);
    await this.#keep(root, signal);
    return root.toString();
  }

  async fetch(id: ContentId, { maxBytes }: FetchLimits, signal: AbortSignal): Promise<Uint8Array> {
    const root = parseContentId(id);
    const done = new AbortController();
    const late = AbortSignal.timeout(this.#fetchTimeoutMs);
    const ended = AbortSignal.any([signal, late, this.#closing.signal, done.signal]);
    ended.throwIfAborted();
    const blocks = new Map<string, CID>();
    try {
      const bytes = await readDag(root, maxBytes, PARALLEL_BLOCKS, (cid) => {
        blocks.set(cid.toString(), cid);
        return this.#read(cid, ended);
      });
      await this.#keep(root, ended);
      return bytes;
    } catch (error) {
      if (error instanceof CommonweightError && error.code === "CONTENT_CORRUPT")
        await this.#forget([...blocks.values()]);
      throw error === late.reason ? await this.#unavailable(id, error) : error;
    } finally {
      done.abort();
    }
  }

  async drop(id: ContentId): Promise<void> {
    const root = parseContentId(id);
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const claim = await claimOf(this.#owner, root);
    if (!(await this.#unpin(claim.cid, signal))) return;
    await this.#remove([claim.cid, root, ...(await this.#blocksBelow(root, signal))], signal);
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(contentClosed());
  }

  /** Whether no peer serves the content, or the daemon does not even answer. */
  async #unavailable(id: ContentId, cause: unknown): Promise<CommonweightError> {
    if (await this.#rpc.isAnswering()) return contentUnavailable(id, this.#fetchTimeoutMs, cause);
    return daemonDown(this.#rpc.url, `block get within ${this.#fetchTimeoutMs} ms`, cause);
  }

  async #put({ cid, bytes }: Block, signal: AbortSignal): Promise<void> {
    const format = cid.code === raw.code ? "raw" : "dag-pb";
    const stored = await this.#change("block put", signal, (client, options) =>
      client.block.put(bytes, { format, mhtype: "sha2-256", version: 1, ...options }),
    );
    if (!stored.equals(cid)) throw daemonFaulty(this.#rpc.url, "block put", `it stored ${cid} as ${stored}`);
  }

  /** One verified block: the daemon waits for a peer that has it until `signal` aborts. */
  async #read(cid: CID, signal: AbortSignal): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of await this.#rpc.stream("block/get", [["arg", cid.toString()]], signal)) {
      length += chunk.length;
      if (length > MAX_BLOCK_BYTES)
        throw daemonFaulty(this.#rpc.url, "block get", `more than ${MAX_BLOCK_BYTES} bytes`);
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    if (!matches(cid, bytes)) throw daemonFaulty(this.#rpc.url, "block get", `${length} bytes that are not ${cid}`);
    return bytes;
  }

  // A pin belongs to the whole daemon, so each owner pins a block of its own with a link to the content.
  async #keep(root: CID, signal: AbortSignal): Promise<void> {
    const claim = await claimOf(this.#owner, root);
    await this.#put(claim, signal);
    await this.#change("pin add", signal, (client, options) => client.pin.add(claim.cid, options));
  }

  /** Whether the block was pinned. */
  async #unpin(cid: CID, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#change("pin rm", signal, (client, options) => client.pin.rm(cid, options));
      return true;
    } catch (error) {
      if (error instanceof CommonweightError && NOT_PINNED.test(error.message)) return false;
      throw error;
    }
  }

  #blocksBelow(root: CID, signal: AbortSignal): Promise<readonly CID[]> {
    return this.#change("refs", signal, async (client, options) => {
      const blocks: CID[] = [];
      for await (const { ref, err } of client.refs(root, { recursive: true, unique: true, ...options })) {
        if (err === undefined || err === null || String(err) === "") blocks.push(CID.parse(ref));
      }
      return blocks;
    });
  }

  /** Removes the blocks of corrupt content, which nobody wants. */
  async #forget(blocks: readonly CID[]): Promise<void> {
    try {
      await this.#remove(blocks, this.#closing.signal);
    } catch (error) {
      this.#log.warn({ error, blocks: blocks.length }, "blocks of corrupt content are left in the Kubo daemon's store");
    }
  }

  /** Removes blocks, except those that a pin needs. */
  async #remove(blocks: readonly CID[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < blocks.length; start += REMOVE_AT_ONCE) {
      const some = blocks.slice(start, start + REMOVE_AT_ONCE);
      await this.#change("block rm", signal, async (client, options) => {
        for await (const _ of client.block.rm(some, { force: true, ...options }));
      });
    }
  }

  async #change<Result>(name: string, signal: AbortSignal, run: Run<Result>): Promise<Result> {
    try {
      return await this.#rpc.call(name, run, signal);
    } catch (error) {
      if (!(error instanceof CommonweightError) || !NO_SPACE.test(error.message)) throw error;
      throw diskFull("Free space on the disk of the Kubo daemon, or raise its Datastore.StorageMax.", error);
    }
  }
}

/** A block that names an owner and links to content: as long as it is pinned, the daemon keeps the content. */
async function claimOf(owner: string, root: CID): Promise<Block> {
  const bytes = dagPb.encode({
    Data: Buffer.from(`commonweight ${owner}`),
    Links: [{ Hash: root, Name: "", Tsize: 0 }],
  });
  return { cid: CID.createV1(dagPb.code, await sha256.digest(bytes)), bytes };
}
