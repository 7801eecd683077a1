import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";

import type { Samples } from "../../model/tensors.ts";
import { seededRandom } from "../../random/seeded-random.ts";
import { inputSize } from "../batches.ts";

/** Random stream of a model's seed for the samples; `initialWeights` uses another. */
const SAMPLES_STREAM = 1;

/** Samples whose label is the place of the largest of their first values, so that there is something to learn. */
export function learnableSamples(model: ModelSpec, count: number): Samples {
  const random = seededRandom(model.seed, SAMPLES_STREAM);
  const size = inputSize(model);
  const features = Float32Array.from({ length: count * size }, random);
  const labels = Uint16Array.from({ length: count }, (_, row) => {
    const values = features.subarray(row * size, row * size + model.classes);
    return values.indexOf(Math.max(...values));
  });
  return { count, features, labels };
}
