import type { JobView, RoundView } from "@commonweight/sdk/chain/job-view";
import type { Samples } from "../../model/tensors.ts";
import type { DataSetManifest } from "../../data/data-set-manifest.ts";
import { fetchHoldout, fetchShard } from "../../data/data-set.ts";
import { ownDataMissing, type JobContext } from "../worker/job-context.ts";
import { sampleFormatOf, type OwnData } from "../worker/own-data.ts";
import { OpenedShards, type ShardModules } from "../worker/opened-shards.ts";

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
  /** Reads the validator's private holdout, for jobs that have no common one. */
  readonly ownData?: OwnData | undefined;
}

/** Where a job stands, as far as its holdout depends on it. */
type HoldoutView = Pick<JobView, "jobId" | "block" | "roundNumber" | "pendingRound"> & {
  readonly round: Pick<RoundView, "holdoutKey"> | undefined;
};

/**
 * Fetches or reads the samples for scoring before the validator enlists. Of a sealed holdout it fetches all encrypted
 * shards, so that nobody can withhold a round's shard after its key is published.
 *
 * @throws JOB_DATA_MISSING · DATASET_* own samples do not fit the job · errors of `ContentStore.fetch` and
 * `decodeSlice`
 */
export async function openHoldouts(
  modules: ShardModules,
  { ownData }: HoldoutOptions,
  { jobId, manifest, params, spec }: Pick<JobContext, "jobId" | "manifest" | "params" | "spec">,
  signal: AbortSignal,
): Promise<Holdouts> {
  if (params.holdout === "own" || manifest === undefined) {
    if (ownData === undefined) throw ownDataMissing(jobId);
    const ownSamples = await ownData(sampleFormatOf({ manifest, spec }));
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
  readonly #shards: OpenedShards;
  readonly #isSealed: boolean;
  readonly #common: Samples;

  constructor(modules: ShardModules, manifest: DataSetManifest, common: Samples) {
    this.#shards = new OpenedShards(modules, manifest);
    this.#isSealed = manifest.sealed !== undefined;
    this.#common = common;
  }

  /** The round's opened shard; the public set if none was opened or it is unreadable. */
  async of(view: HoldoutView, signal: AbortSignal): Promise<RoundHoldout> {
    return this.#ofRound(view.jobId, view.roundNumber, view.round?.holdoutKey, signal);
  }

  async ofRelease(view: HoldoutView, signal: AbortSignal): Promise<Samples> {
    const { jobId, pendingRound, block } = view;
    if (pendingRound === 0) return (await this.of(view, signal)).samples;
    const key = await this.#shards.keyOf(jobId, pendingRound, block);
    return (await this.#ofRound(jobId, pendingRound, key, signal)).samples;
  }

  async publicShard({ jobId, block }: HoldoutView, signal: AbortSignal): Promise<Samples | undefined> {
    return this.#isSealed ? this.#shards.readPublic(jobId, block, signal) : undefined;
  }

  async #ofRound(jobId: bigint, round: number, key: string | undefined, signal: AbortSignal): Promise<RoundHoldout> {
    if (key === undefined) return { samples: this.#common, readable: undefined };
    const samples = await this.#shards.read({ jobId, round, key }, signal);
    return { samples: samples ?? this.#common, readable: samples !== undefined };
  }
}
