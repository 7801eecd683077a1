import type { PresetName } from "@commonweight/sdk/spec/presets";

/** Bundled data sets: folders of `experiments/data`. */
export const DATA_SETS = ["digits", "mnist10k"] as const;
export type DataSetName = (typeof DATA_SETS)[number];

/**
 * How the trainers of a run share data.
 *
 * - `iid`, `dirichlet` (alpha 0.5): every trainer has its own part.
 * - `same`: all train on the same half of the samples in different orders, the hardest innocent case.
 */
export const SHARINGS = ["iid", "dirichlet", "same"] as const;
export type Sharing = (typeof SHARINGS)[number];

/** Settings of one run, a job with honest trainers. */
export interface Setting {
  readonly dataSet: DataSetName;
  readonly preset: PresetName;
  readonly sharing: Sharing;
  /** Local epochs in a round. */
  readonly epochs: number;
  readonly seed: number;
}

export const TRAINERS = 6;
/** Measured rounds: the first starts from random weights; in the last, most errors are already the base model's. */
export const MEASURED_ROUNDS = [1, 2, 4, 8, 16] as const;
