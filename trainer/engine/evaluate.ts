import type { Tensor } from "@tensorflow/tfjs-core";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { inputSize, requireSamples } from "./batches.ts";
import { createBreather } from "./breather.ts";
import { networkLayers, predict, type NetworkLayer } from "./network.ts";
import { notFinite } from "./not-finite.ts";
import type { Evaluation } from "./port.ts";
import type { Samples, Weights } from "../model/tensors.ts";
import type { Runtime } from "./runtime.ts";
import { sliceSize, slicesOf } from "./slices.ts";
import { weightVariables } from "./weight-tensors.ts";

/** A right class never counts with less than this probability, so one sample costs at most 16.1 nats. */
const LEAST_PROBABILITY = Math.fround(1e-7);

/** Sum of losses in nats and count of right predictions over some samples. */
interface Tally {
  readonly loss: number;
  readonly correct: number;
}

/** Index of the largest value; the first wins a tie. */
export function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Class probabilities `[to - from, classes]` of the samples `from..to - 1`. */
export function probabilities(
  { tf }: Runtime,
  model: ModelSpec,
  layers: readonly NetworkLayer[],
  weights: readonly Tensor[],
  features: Float32Array,
): Float32Array {
  return tf.tidy(() => {
    const x = tf.tensor(features, [features.length / inputSize(model), ...model.input]);
    const { logits, finite } = predict(tf, layers, weights, x);
    if (!finite) throw notFinite("A layer's output");
    return tf.softmax(logits).dataSync<"float32">();
  });
}

/** Losses are rounded to float32 by the engine's own logarithm, and added in float64, in the samples' order. */
function tally({ tf }: Runtime, classes: number, predicted: Float32Array, labels: Uint16Array): Tally {
  const ofLabel = new Float32Array(labels.length);
  let correct = 0;
  for (const [row, label] of labels.entries()) {
    const values = predicted.subarray(row * classes, (row + 1) * classes);
    const probability = values[label]!;
    if (Number.isNaN(probability)) throw notFinite("A predicted probability");
    ofLabel[row] = Math.max(probability, LEAST_PROBABILITY);
    if (indexOfLargest(values) === label) correct++;
  }
  const losses = tf.tidy(() => tf.log(tf.tensor1d(ofLabel)).dataSync<"float32">());
  return { loss: losses.reduce((sum, value) => sum - value, 0), correct };
}

async function evaluateSlices(
  runtime: Runtime,
  model: ModelSpec,
  layers: readonly NetworkLayer[],
  weights: readonly Tensor[],
  samples: Samples,
  signal: AbortSignal,
): Promise<Evaluation> {
  const size = inputSize(model);
  const breathe = createBreather(signal);
  let [loss, correct] = [0, 0];
  for (const [from, to] of slicesOf(0, samples.count, sliceSize(model))) {
    await breathe();
    const slice = runtime.run(() => {
      const predicted = probabilities(runtime, model, layers, weights, samples.features.slice(from * size, to * size));
      return tally(runtime, model.classes, predicted, samples.labels.subarray(from, to));
    });
    loss += slice.loss;
    correct += slice.correct;
  }
  return { loss: loss / samples.count, correct, count: samples.count };
}

/**
 * Measures a model on labelled samples: mean cross-entropy in nats, probabilities not below 1e-7, and right predictions.
 *
 * On the WASM engine the result has the same bits in every process: one thread, slices cut by the model alone, sums in order.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `ENGINE_NOT_FINITE` (a probability that is not a number),
 * `MODEL_*`; `signal.reason` on abort.
 */
export async function evaluate(
  runtime: Runtime,
  model: ModelSpec,
  weights: Weights,
  samples: Samples,
  signal: AbortSignal,
): Promise<Evaluation> {
  signal.throwIfAborted();
  const layers = networkLayers(model);
  requireSamples(model, samples);
  const tensors = runtime.run(() => weightVariables(runtime.tf, model, weights), { keeps: undefined });
  try {
    return await evaluateSlices(runtime, model, layers, tensors, samples, signal);
  } finally {
    runtime.run(() => runtime.tf.dispose(tensors), { keeps: -tensors.length });
  }
}
