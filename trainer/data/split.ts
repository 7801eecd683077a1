import { CommonweightError } from "@commonweight/sdk/errors";
import type { Samples } from "../model/tensors.ts";
import { partition, type PartitionRule } from "./partition.ts";
import { indicesUpTo, hashStream, shuffle } from "../random/hash-stream.ts";

/** Indices of the samples for training and of those for scoring. */
export interface HoldoutSplit {
  readonly train: Uint32Array;
  readonly holdout: Uint32Array;
}

/**
 * Shuffles `count` samples and takes a share of them as holdout.
 *
 * @param holdoutShare in [0, 1); the holdout has `round(count * holdoutShare)` samples
 * @param seed any text: the same seed gives the same split
 * @throws PARTITION_PARAMETER
 */
export function splitHoldout(count: number, holdoutShare: number, seed: string): HoldoutSplit {
  const kept = Math.round(count * holdoutShare);
  if (!(holdoutShare >= 0 && holdoutShare < 1) || kept >= count) {
    throw new CommonweightError(
      "PARTITION_PARAMETER",
      `a holdout share of ${holdoutShare} of ${count} samples leaves nothing to train on`,
      "Use a share from 0 to below 1, such as 0.2.",
    );
  }
  const order = shuffle(indicesUpTo(count), hashStream("commonweight/holdout", seed));
  return { train: order.slice(kept), holdout: order.slice(0, kept) };
}

/** Assignment of samples in a published data set: indices into the labelled data. */
export interface DataPlan {
  readonly parts: readonly Uint32Array[];
  readonly holdout: Uint32Array;
  /** Shards of a sealed holdout, equally large; none for other holdouts. */
  readonly shards: readonly Uint32Array[];
}

export interface DataPlanOptions {
  readonly parts: number;
  readonly rule: PartitionRule;
  /** Share of the samples in the public holdout. */
  readonly holdoutShare: number;
  /** Share of the samples that is sealed, and the number of shards. */
  readonly sealed?: { readonly share: number; readonly shards: number };
  readonly seed: string;
}

/**
 * Splits off the holdouts and splits the rest into parts; no sample is used twice. Sealed shards are equally large; a
 * remainder too small for one more sample per shard is dropped.
 *
 * @throws PARTITION_PARAMETER · PARTITION_EMPTY_PART · PARTITION_EMPTY_SHARD
 */
export function planDataSet(labels: Uint16Array, options: DataPlanOptions): DataPlan {
  const { share, shards } = options.sealed ?? { share: 0, shards: 0 };
  const { train, holdout } = splitHoldout(labels.length, options.holdoutShare + share, options.seed);
  const open = shards === 0 ? holdout.length : Math.round(labels.length * options.holdoutShare);
  const trainLabels = Uint16Array.from(train, (index) => labels[index] ?? 0);
  const parts = partition(trainLabels, options.parts, options.rule, options.seed);
  return {
    parts: parts.map((part) => part.map((position) => train[position] ?? 0)),
    holdout: holdout.slice(0, open),
    shards: shardsOf(holdout.slice(open), shards),
  };
}

/** Cuts indices into equally large shards, in their order. Throws PARTITION_EMPTY_SHARD. */
export function shardsOf(indices: Uint32Array, shards: number): readonly Uint32Array[] {
  const size = Math.floor(indices.length / Math.max(shards, 1));
  if (shards > 0 && size === 0) {
    throw new CommonweightError(
      "PARTITION_EMPTY_SHARD",
      `${indices.length} sealed samples do not fill ${shards} shards`,
      "Seal a larger share of the samples, or run fewer rounds.",
    );
  }
  return Array.from({ length: shards }, (_, shard) => indices.slice(shard * size, (shard + 1) * size));
}

/** Copies the samples with the given indices, in that order. */
export function selectSamples(samples: Samples, indices: Uint32Array): Samples {
  const width = samples.features.length / samples.count;
  const features = new Float32Array(indices.length * width);
  for (const [row, index] of indices.entries()) {
    features.set(samples.features.subarray(index * width, (index + 1) * width), row * width);
  }
  return { count: indices.length, features, labels: Uint16Array.from(indices, (index) => samples.labels[index] ?? 0) };
}
