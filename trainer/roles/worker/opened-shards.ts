import { ZeroHash } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Samples } from "../../model/tensors.ts";
import type { DataSetManifest } from "../../data/data-set-manifest.ts";
import { fetchShard, readShard } from "../../data/data-set.ts";
import type { WorkerModules } from "./modules.ts";

/** Calls on the book of jobs for sealed shards. */
export interface ShardBook {
  /** Number of a round's shard, from 0. */
  shardOf(jobId: bigint, round: number): Promise<bigint>;
  /** A shard's published key, 32 bytes; zero if it is not published. */
  holdoutKeyOf(jobId: bigint, round: number, at: { readonly blockTag: number }): Promise<string>;
}

export type ShardModules = Pick<WorkerModules, "content" | "log"> & {
  readonly contracts: { readonly book: ShardBook };
};

/** A shard whose key is published. */
export interface OpenedShard {
  readonly jobId: bigint;
  /** Round that drew it; 0 for the public shard. */
  readonly round: number;
  /** 32 bytes, hexadecimal. */
  readonly key: string;
}

/** Faults of the bytes or of the published key: the same at every worker, whichever peer served the bytes. */
const UNREADABLE = /^(DATASET_|CONTENT_CORRUPT$|CONTENT_TOO_LARGE$)/;

/** Reads the opened shards of a job's sealed holdout. */
export class OpenedShards {
  readonly #modules: ShardModules;
  readonly #manifest: DataSetManifest;
  /** Of the public shard (0), and of the newest two rounds that were asked for. */
  readonly #known = new Map<number, { readonly key: string; readonly samples: Samples | undefined }>();

  constructor(modules: ShardModules, manifest: DataSetManifest) {
    this.#modules = modules;
    this.#manifest = manifest;
  }

  /** A round's published key as of a block, 0 for the public shard; `undefined` if it is not published. */
  async keyOf(jobId: bigint, round: number, blockTag: number): Promise<string | undefined> {
    const key = await this.#modules.contracts.book.holdoutKeyOf(jobId, round, { blockTag });
    return key === ZeroHash ? undefined : key;
  }

  /**
   * Returns a shard's samples; `undefined` if it cannot be decrypted or parsed.
   *
   * @throws errors of `ContentStore.fetch`
   */
  async read(shard: OpenedShard, signal: AbortSignal): Promise<Samples | undefined> {
    const { round, key } = shard;
    const known = this.#known.get(round);
    // After a reorganisation the round may have drawn another shard.
    const samples = known?.key === key ? known.samples : await this.#fetch(shard, signal);
    this.#known.set(round, { key, samples });
    const rounds = [...this.#known.keys()].filter((other) => other !== 0 && other !== round);
    for (const other of rounds.slice(0, -1)) this.#known.delete(other);
    return samples;
  }

  /** The samples of the public shard; `undefined` if it is not open, or cannot be read. Throws like `read`. */
  async readPublic(jobId: bigint, blockTag: number, signal: AbortSignal): Promise<Samples | undefined> {
    const key = await this.keyOf(jobId, 0, blockTag);
    return key === undefined ? undefined : this.read({ jobId, round: 0, key }, signal);
  }

  async #fetch({ jobId, round, key }: OpenedShard, signal: AbortSignal): Promise<Samples | undefined> {
    const { content, contracts, log } = this.#modules;
    const shard = this.#manifest.sealed?.shards[Number(await contracts.book.shardOf(jobId, round))];
    if (shard === undefined) return undefined;
    try {
      return readShard(this.#manifest, shard, await fetchShard(content, shard, signal), key);
    } catch (error) {
      if (!(error instanceof CommonweightError) || !UNREADABLE.test(error.code)) throw error;
      log.warn({ round, code: error.code }, "a shard cannot be read");
      return undefined;
    }
  }
}
