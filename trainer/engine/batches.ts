import { CommonweightError } from "@commonweight/sdk/errors";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Samples } from "../model/tensors.ts";

/** Number of values in one sample. */
export function inputSize(model: ModelSpec): number {
  return model.input.reduce((product, size) => product * size, 1);
}

/**
 * Checks that samples fit the model: `count` rows of its input size, and labels within its classes.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`.
 */
export function requireSamples(model: ModelSpec, samples: Samples): void {
  const problem = samplesProblem(model, samples);
  if (problem === undefined) return;
  throw new CommonweightError("ENGINE_SAMPLES", problem, "Check that the data set was made for this model.");
}

function samplesProblem(model: ModelSpec, { count, features, labels }: Samples): string | undefined {
  if (count < 1) return "There are no samples.";
  if (features.length !== count * inputSize(model)) {
    return `${count} samples need ${count * inputSize(model)} values, not ${features.length}.`;
  }
  if (labels.length !== count) return `${count} samples have ${labels.length} labels.`;
  const label = labels.find((value) => value >= model.classes);
  return label === undefined ? undefined : `A label is ${label}, and the model has ${model.classes} classes.`;
}

/** The samples `order[from..to - 1]`. */
export interface Batch {
  readonly order: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** Copies a batch's features into consecutive rows of `size` values. */
export function gatherFeatures(samples: Samples, size: number, { order, from, to }: Batch): Float32Array {
  const rows = new Float32Array((to - from) * size);
  for (let row = 0; row < to - from; row++) {
    const sample = order[from + row]!;
    rows.set(samples.features.subarray(sample * size, (sample + 1) * size), row * size);
  }
  return rows;
}

/** A batch's labels, one-hot: rows of `classes` values, 1 at the label. */
export function gatherOneHot(samples: Samples, classes: number, { order, from, to }: Batch): Float32Array {
  const rows = new Float32Array((to - from) * classes);
  for (let row = 0; row < to - from; row++) rows[row * classes + samples.labels[order[from + row]!]!] = 1;
  return rows;
}
