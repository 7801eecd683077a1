import type { PresetName } from "@commonweight/sdk/spec/presets";

/** Data sets that come with the project: folders of `experiments/data`. */
export const DATA_SETS = ["digits", "mnist10k"] as const;
export type DataSetName = (typeof DATA_SETS)[number];

/**
 * What the trainers of a run have in common.
 *
 * - `iid`, `dirichlet` (alpha 0.5): every trainer has a part of its own.
 * - `same`: all train on the same half of the samples, in another order: the hardest innocent case.
 */
export const SHARINGS = ["iid", "dirichlet", "same"] as const;
export type Sharing = (typeof SHARINGS)[number];

/** One run: a job's rounds with honest trainers. */
export interface Setting {
  readonly dataSet: DataSetName;
  readonly preset: PresetName;
  readonly sharing: Sharing;
  /** Local epochs in a round. */
  readonly epochs: number;
  readonly seed: number;
}

export const TRAINERS = 6;
/**
 * Rounds that are measured: the first starts from random weights, at the last everyone's errors are mostly the base's.
 */
export const MEASURED_ROUNDS = [1, 2, 4, 8, 16] as const;
