import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { inputSize, requireSamples } from "./batches.ts";
import { createBreather } from "./breather.ts";
import { indexOfLargest, probabilities } from "./evaluate.ts";
import { networkLayers } from "./network.ts";
import { notFinite } from "./not-finite.ts";
import type { Samples, Weights } from "../model/tensors.ts";
import type { Runtime } from "./runtime.ts";
import { sliceSize, slicesOf } from "./slices.ts";
import { weightVariables } from "./weight-tensors.ts";

/**
 * Predicts the class of every sample, the first of the most probable: what `evaluate` counts as right or wrong.
 *
 * On the WASM engine the same bits in every process.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `ENGINE_NOT_FINITE`, `MODEL_*`; `signal.reason` on abort.
 */
export async function predictLabels(
  runtime: Runtime,
  model: ModelSpec,
  weights: Weights,
  samples: Samples,
  signal: AbortSignal,
): Promise<Uint16Array> {
  signal.throwIfAborted();
  const layers = networkLayers(model);
  requireSamples(model, samples);
  const size = inputSize(model);
  const labels = new Uint16Array(samples.count);
  const breathe = createBreather(signal);
  const tensors = runtime.run(() => weightVariables(runtime.tf, model, weights), { keeps: undefined });
  try {
    for (const [from, to] of slicesOf(0, samples.count, sliceSize(model))) {
      await breathe();
      const features = samples.features.slice(from * size, to * size);
      const predicted = runtime.run(() => probabilities(runtime, model, layers, tensors, features));
      for (let row = from; row < to; row++) {
        const values = predicted.subarray((row - from) * model.classes, (row - from + 1) * model.classes);
        if (Number.isNaN(values[0])) throw notFinite("A predicted probability");
        labels[row] = indexOfLargest(values);
      }
    }
    return labels;
  } finally {
    runtime.run(() => runtime.tf.dispose(tensors), { keeps: -tensors.length });
  }
}
