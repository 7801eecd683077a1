import { ZeroHash } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobView, RoundView } from "@commonweight/sdk/chain/job-view";
import type { Samples } from "../../model/tensors.ts";
import type { DataSetManifest } from "../../data/data-set-manifest.ts";
import { fetchHoldout, fetchShard, readShard } from "../../data/data-set.ts";
import { ownDataMissing, type JobContext } from "../worker/job-context.ts";
import type { WorkerModules } from "../worker/modules.ts";

/** A round's samples for scoring. */
export interface RoundHoldout {
  readonly samples: Samples;
  /** Whether the round's sealed holdout could be decrypted and parsed; `undefined` if none was opened. */
  readonly readable: boolean | undefined;
}

/** A validator's samples for scoring in a job. */
export interface Holdouts {
  /** Samples on which a round's updates and its release are scored. */
  of(view: HoldoutView, signal: AbortSignal): Promise<RoundHoldout>;
  /**
   * Samples on which the model that the round found was scored when it was released: what confirms its score must be
   * measured on the same ones. Those of the round itself if no release waits for confirmation.
   */
  ofRelease(view: HoldoutView, signal: AbortSignal): Promise<Samples>;
  /** Samples of a sealed holdout's public shard; `undefined` without one, or where it cannot be read. */
  publicShard(view: HoldoutView, signal: AbortSignal): Promise<Samples | undefined>;
}

export interface HoldoutOptions {
  /** The validator's private holdout, for jobs that have no common one. */
  readonly ownSamples?: Samples;
}

/** Calls on the book of jobs for sealed shards. */
interface ShardBook {
  /** Number of a round's shard, from 0. */
  shardOf(jobId: bigint, round: number): Promise<bigint>;
  /** A shard's published key, 32 bytes; zero if it is not published. */
  holdoutKeyOf(jobId: bigint, round: number, at: { readonly blockTag: number }): Promise<string>;
}

type HoldoutModules = Pick<WorkerModules, "content" | "log"> & { readonly contracts: { readonly book: ShardBook } };

/** Where a job stands, as far as its holdout depends on it. */
type HoldoutView = Pick<JobView, "jobId" | "block" | "roundNumber" | "pendingRound"> & {
  readonly round: Pick<RoundView, "holdoutKey"> | undefined;
};

/** Faults of the bytes or of the published key: the same at every validator, whichever peer served the bytes. */
const UNREADABLE = /^(DATASET_|CONTENT_CORRUPT$|CONTENT_TOO_LARGE$)/;

/**
 * Fetches the samples for scoring before the validator enlists. Of a sealed holdout it fetches all encrypted shards, so
 * that nobody can withhold a round's shard after its key is published.
 *
 * @throws JOB_DATA_MISSING · errors of `ContentStore.fetch` and `decodeSlice`
 */
export async function openHoldouts(
  modules: HoldoutModules,
  { ownSamples }: HoldoutOptions,
  { jobId, manifest, params }: Pick<JobContext, "jobId" | "manifest" | "params">,
  signal: AbortSignal,
): Promise<Holdouts> {
  if (params.holdout === "own" || manifest === undefined) {
    if (ownSamples === undefined) throw ownDataMissing(jobId);
    return {
      of: () => Promise.resolve({ samples: ownSamples, readable: undefined }),
      ofRelease: () => Promise.resolve(ownSamples),
      publicShard: () => Promise.resolve(undefined),
    };
  }
  const common = await fetchHoldout(modules.content, manifest, signal);
  for (const shard of manifest.sealed?.shards ?? []) await fetchShard(modules.content, shard, signal);
  return new CommonHoldouts(modules, manifest, common);
}

class CommonHoldouts implements Holdouts {
  readonly #modules: HoldoutModules;
  readonly #manifest: DataSetManifest;
  readonly #common: Samples;
  /** Of the public shard (0), and of the newest two rounds that were asked for. */
  readonly #read = new Map<number, RoundHoldout>();

  constructor(modules: HoldoutModules, manifest: DataSetManifest, common: Samples) {
    this.#modules = modules;
    this.#manifest = manifest;
    this.#common = common;
  }

  /** The round's opened shard; the public set if none was opened or it is unreadable. */
  async of(view: HoldoutView, signal: AbortSignal): Promise<RoundHoldout> {
    return this.#ofRound(view.jobId, view.roundNumber, view.round?.holdoutKey, signal);
  }

  async ofRelease(view: HoldoutView, signal: AbortSignal): Promise<Samples> {
    const { jobId, pendingRound, block } = view;
    if (pendingRound === 0) return (await this.of(view, signal)).samples;
    return (await this.#ofRound(jobId, pendingRound, await this.#keyOf(jobId, pendingRound, block), signal)).samples;
  }

  async publicShard({ jobId, block }: HoldoutView, signal: AbortSignal): Promise<Samples | undefined> {
    if (this.#manifest.sealed === undefined) return undefined;
    const { readable, samples } = await this.#ofRound(jobId, 0, await this.#keyOf(jobId, 0, block), signal);
    return readable === true ? samples : undefined;
  }

  /** A round's published key as of a block, 0 for the public shard. */
  async #keyOf(jobId: bigint, round: number, blockTag: number): Promise<string | undefined> {
    const key = await this.#modules.contracts.book.holdoutKeyOf(jobId, round, { blockTag });
    return key === ZeroHash ? undefined : key;
  }

  async #ofRound(jobId: bigint, round: number, key: string | undefined, signal: AbortSignal): Promise<RoundHoldout> {
    if (key === undefined) return { samples: this.#common, readable: undefined };
    const known = this.#read.get(round) ?? (await this.#readShard(jobId, round, key, signal));
    this.#read.set(round, known);
    const rounds = [...this.#read.keys()].filter((other) => other !== 0 && other !== round);
    for (const other of rounds.slice(0, -1)) this.#read.delete(other);
    return known;
  }

  async #readShard(jobId: bigint, round: number, key: string, signal: AbortSignal): Promise<RoundHoldout> {
    const { content, contracts, log } = this.#modules;
    const shard = this.#manifest.sealed?.shards[Number(await contracts.book.shardOf(jobId, round))];
    if (shard === undefined) return { samples: this.#common, readable: false };
    try {
      const bytes = await fetchShard(content, shard, signal);
      return { samples: readShard(this.#manifest, shard, bytes, key), readable: true };
    } catch (error) {
      if (!(error instanceof CommonweightError) || !UNREADABLE.test(error.code)) throw error;
      log.warn({ round, code: error.code }, "the round's holdout cannot be read: scoring on the public set");
      return { samples: this.#common, readable: false };
    }
  }
}
