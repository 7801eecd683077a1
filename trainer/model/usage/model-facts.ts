/** How a user's values become a model's inputs, value by value and in double precision before the last step. */
export type InputScaling =
  /** `float32(value / divisor)`; 1 leaves the values as they are. */
  | { readonly kind: "divisor"; readonly divisor: number }
  /** `float32((value - means[i]) / scales[i])` for the sample's value i. */
  | { readonly kind: "columns"; readonly means: readonly number[]; readonly scales: readonly number[] };

/** What it takes to use a released model, and where it comes from. Accuracies are 0 to 1. */
export interface ModelFacts {
  /** Name of the job. */
  readonly name: string;
  readonly job: string;
  readonly chain: string;
  /** Address of the market's contract. */
  readonly market: string;
  /** Round that released the model. */
  readonly round: number;
  /** Version of the model, from 1. */
  readonly version: number;
  /** Content id of the file that the committee attested. */
  readonly model: string;
  /** Shape of one sample, without the batch. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Names in the order of the outputs; `null` if the data set only numbers its classes. */
  readonly classNames: readonly string[] | null;
  /** Name of each value of a sample, in order; `null` if the data set does not name them. */
  readonly columnNames: readonly string[] | null;
  /** `null` if the job publishes no data: then its initiator has to say how inputs are scaled. */
  readonly scaling: InputScaling | null;
  /** Whose samples the accuracies are measured on: `public`, `sealed` or `own`. */
  readonly holdout: string;
  /** Samples that one accuracy is measured on; `null` if the job publishes none. */
  readonly holdoutSamples: number | null;
  /** Attested by the round's committee; `null` on own holdouts. */
  readonly accuracy: number | null;
  /** Confirmed by a second committee; `null` on own holdouts, and as long as it is not confirmed. */
  readonly confirmedAccuracy: number | null;
}
