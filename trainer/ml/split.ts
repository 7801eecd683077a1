import { CommonweightError } from "../../sdk/errors.ts";
import type { Samples } from "../engine/port.ts";
import { partition, type PartitionRule } from "./partition.ts";
import { indicesUpTo, hashStream, shuffle } from "./hash-stream.ts";

/** Indices of the samples that train and of those kept for scoring. */
export interface HoldoutSplit {
  readonly train: Uint32Array;
  readonly holdout: Uint32Array;
}

/**
 * Shuffles `count` samples and keeps a share of them as holdout.
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

/** Which samples a published data set puts where, as indices into the labelled data. */
export interface DataPlan {
  readonly parts: readonly Uint32Array[];
  readonly holdout: Uint32Array;
}

export interface DataPlanOptions {
  readonly parts: number;
  readonly rule: PartitionRule;
  readonly holdoutShare: number;
  readonly seed: string;
}

/**
 * Splits a holdout off, then deals the rest out among parts: every sample is in exactly one place.
 *
 * @throws PARTITION_PARAMETER · PARTITION_EMPTY_PART
 */
export function planDataSet(labels: Uint16Array, options: DataPlanOptions): DataPlan {
  const { train, holdout } = splitHoldout(labels.length, options.holdoutShare, options.seed);
  const trainLabels = Uint16Array.from(train, (index) => labels[index] ?? 0);
  const parts = partition(trainLabels, options.parts, options.rule, options.seed);
  return { parts: parts.map((part) => part.map((position) => train[position] ?? 0)), holdout };
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
