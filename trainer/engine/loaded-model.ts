import type { Tensor } from "@tensorflow/tfjs-core";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { inputSize, requireSamples } from "./batches.ts";
import { networkLayers, predict, type Network } from "./network.ts";
import { notFinite } from "./runtime/not-finite.ts";
import type { EngineInput } from "./port.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { weightVariables } from "./weight-tensors.ts";

/** A model whose weights are on an engine's backend. */
export interface LoadedModel extends Network {
  readonly runtime: Runtime;
  readonly model: ModelSpec;
}

/**
 * Checks the input, copies the weights to the backend, runs `use` and disposes the copies.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `MODEL_*`; errors of `use`.
 */
export async function withLoadedModel<T>(
  runtime: Runtime,
  { model, weights, samples }: EngineInput,
  use: (loaded: LoadedModel) => Promise<T>,
): Promise<T> {
  const layers = networkLayers(model);
  requireSamples(model, samples);
  const tensors: readonly Tensor[] = runtime.run(() => weightVariables(runtime.tf, model, weights), {
    keeps: undefined,
  });
  try {
    return await use({ runtime, model, layers, weights: tensors });
  } finally {
    runtime.run(() => runtime.tf.dispose([...tensors]), { keeps: -tensors.length });
  }
}

/**
 * Computes class probabilities.
 *
 * @param features - `[count, ...input]`
 * @returns `[count, classes]`
 * @throws CommonweightError `ENGINE_NOT_FINITE` if a layer overflows float32.
 */
export function probabilities(
  { runtime: { tf }, model, ...network }: LoadedModel,
  features: Float32Array,
): Float32Array {
  return tf.tidy(() => {
    const x = tf.tensor(features, [features.length / inputSize(model), ...model.input]);
    const { logits, finite } = predict(tf, network, x);
    if (!finite) throw notFinite("A layer's output");
    return tf.softmax(logits).dataSync<"float32">();
  });
}

/** Index of the largest value; the first wins a tie. */
export function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
