import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobView } from "@commonweight/sdk/chain/job-view";
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
  of(view: JobView, signal: AbortSignal): Promise<RoundHoldout>;
}

export interface HoldoutOptions {
  /** The validator's private holdout, for jobs that have no common one. */
  readonly ownSamples?: Samples;
}

type HoldoutModules = Pick<WorkerModules, "content" | "contracts" | "log">;

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
  { jobId, manifest, params }: JobContext,
  signal: AbortSignal,
): Promise<Holdouts> {
  if (params.holdout === "own" || manifest === undefined) {
    if (ownSamples === undefined) throw ownDataMissing(jobId);
    return { of: () => Promise.resolve({ samples: ownSamples, readable: undefined }) };
  }
  const common = await fetchHoldout(modules.content, manifest, signal);
  for (const shard of manifest.sealed?.shards ?? []) await fetchShard(modules.content, shard, signal);
  return new CommonHoldouts(modules, manifest, common);
}

class CommonHoldouts implements Holdouts {
  readonly #modules: HoldoutModules;
  readonly #manifest: DataSetManifest;
  readonly #common: Samples;
  #last: { readonly round: number; readonly holdout: RoundHoldout } | undefined;

  constructor(modules: HoldoutModules, manifest: DataSetManifest, common: Samples) {
    this.#modules = modules;
    this.#manifest = manifest;
    this.#common = common;
  }

  /** The round's opened shard; the public set if none was opened or it is unreadable. */
  async of(view: JobView, signal: AbortSignal): Promise<RoundHoldout> {
    const { round, roundNumber } = view;
    const key = round?.holdoutKey;
    if (key === undefined) return { samples: this.#common, readable: undefined };
    if (this.#last?.round !== roundNumber) {
      this.#last = { round: roundNumber, holdout: await this.#read(view.jobId, roundNumber, key, signal) };
    }
    return this.#last.holdout;
  }

  async #read(jobId: bigint, round: number, key: string, signal: AbortSignal): Promise<RoundHoldout> {
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
