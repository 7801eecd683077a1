import { inputSize } from "./batches.ts";
import { createBreather } from "./runtime/breather.ts";
import { indexOfLargest, probabilities, withLoadedModel, type LoadedModel } from "./loaded-model.ts";
import { notFinite } from "./runtime/not-finite.ts";
import type { EngineInput, Evaluation } from "./port.ts";
import type { Samples } from "../model/tensors.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { sliceSize, slicesOf } from "./slices.ts";

/** Lower bound for the probability of the right class, so that one sample's loss is at most 16.1 nats. */
const LEAST_PROBABILITY = Math.fround(1e-7);

/** Sum of losses in nats and number of right predictions over some samples. */
interface Tally {
  readonly loss: number;
  readonly correct: number;
}

/** The engine's logarithm gives float32 losses; their sum is float64, in the samples' order. */
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

async function evaluateSlices(loaded: LoadedModel, samples: Samples, signal: AbortSignal): Promise<Evaluation> {
  const { runtime, model } = loaded;
  const size = inputSize(model);
  const breathe = createBreather(signal);
  let [loss, correct] = [0, 0];
  for (const [from, to] of slicesOf(0, samples.count, sliceSize(model))) {
    await breathe();
    const slice = runtime.run(() => {
      const predicted = probabilities(loaded, samples.features.slice(from * size, to * size));
      return tally(runtime, model.classes, predicted, samples.labels.subarray(from, to));
    });
    loss += slice.loss;
    correct += slice.correct;
  }
  return { loss: loss / samples.count, correct, count: samples.count };
}

/**
 * Measures a model on labelled samples: mean cross-entropy in nats, with probabilities of at least 1e-7, and the number
 * of right predictions.
 *
 * The WASM engine returns the same bits in every process: one thread, slices that depend only on the model, sums in
 * order.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `ENGINE_NOT_FINITE` (a probability is not a number),
 * `MODEL_*`; `signal.reason` on abort.
 */
export async function evaluate(runtime: Runtime, input: EngineInput, signal: AbortSignal): Promise<Evaluation> {
  signal.throwIfAborted();
  return withLoadedModel(runtime, input, (loaded) => evaluateSlices(loaded, input.samples, signal));
}
