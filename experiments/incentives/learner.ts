import type { Engine, Evaluation, Samples, Weights } from "../../trainer/engine/port.ts";
import { seededRandom, shuffledIndices } from "../../trainer/ml/seeded-random.ts";

/** How an agent trains on its samples. */
export interface Lesson {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
}

/**
 * Softmax regression in plain arrays: the model `linear` of `trainer/ml/presets.ts`, kernel `[features, classes]` before the
 * bias. Small enough that thousands of rounds fit into an hour; what it computes is learned from real samples all the same.
 */
export function probabilities(
  weights: Weights,
  features: Float32Array,
  from: number,
  width: number,
  out: Float64Array,
) {
  const classes = out.length;
  const bias = width * classes;
  for (let c = 0; c < classes; c++) out[c] = weights[bias + c]!;
  for (let f = 0; f < width; f++) {
    const x = features[from + f]!;
    if (x === 0) continue;
    const row = f * classes;
    for (let c = 0; c < classes; c++) out[c] = out[c]! + x * weights[row + c]!;
  }
  let most = -Infinity;
  for (let c = 0; c < classes; c++) if (out[c]! > most) most = out[c]!;
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += out[c] = Math.exp(out[c]! - most);
  for (let c = 0; c < classes; c++) out[c] = out[c]! / sum;
}

/** Plain stochastic gradient descent on the cross-entropy; gives the difference to `base`. */
export function learn(base: Weights, samples: Samples, lesson: Lesson, classes: number): Weights {
  const width = samples.features.length / samples.count;
  const weights = Float32Array.from(base);
  const random = seededRandom(lesson.seed);
  const gradient = new Float64Array(weights.length);
  const guess = new Float64Array(classes);
  for (let epoch = 0; epoch < lesson.epochs; epoch++) {
    const order = shuffledIndices(samples.count, random);
    for (let start = 0; start < order.length; start += lesson.batchSize) {
      const batch = order.subarray(start, start + lesson.batchSize);
      gradient.fill(0);
      for (const sample of batch) addGradient(gradient, guess, weights, samples, sample, width);
      const step = lesson.learningRate / batch.length;
      for (let at = 0; at < weights.length; at++) weights[at] = weights[at]! - step * gradient[at]!;
    }
  }
  return weights.map((value, at) => value - base[at]!);
}

function addGradient(
  gradient: Float64Array,
  guess: Float64Array,
  weights: Weights,
  samples: Samples,
  sample: number,
  width: number,
): void {
  const classes = guess.length;
  const from = sample * width;
  probabilities(weights, samples.features, from, width, guess);
  const label = samples.labels[sample]!;
  guess[label] = guess[label]! - 1;
  for (let f = 0; f < width; f++) {
    const x = samples.features[from + f]!;
    if (x === 0) continue;
    for (let c = 0; c < classes; c++) gradient[f * classes + c] = gradient[f * classes + c]! + x * guess[c]!;
  }
  for (let c = 0; c < classes; c++) gradient[width * classes + c] = gradient[width * classes + c]! + guess[c]!;
}

/** The class that the model gives each sample; of equals the first. */
export function predict(weights: Weights, samples: Samples, classes: number): Uint16Array {
  const width = samples.features.length / samples.count;
  const guess = new Float64Array(classes);
  return Uint16Array.from({ length: samples.count }, (_, sample) => {
    probabilities(weights, samples.features, sample * width, width, guess);
    return guess.indexOf(Math.max(...guess));
  });
}

export function evaluate(weights: Weights, samples: Samples, classes: number): Evaluation {
  const width = samples.features.length / samples.count;
  const guess = new Float64Array(classes);
  let [loss, correct] = [0, 0];
  for (let sample = 0; sample < samples.count; sample++) {
    probabilities(weights, samples.features, sample * width, width, guess);
    const label = samples.labels[sample]!;
    loss -= Math.log(Math.max(guess[label]!, 1e-7));
    let best = 0;
    for (let c = 1; c < classes; c++) if (guess[c]! > guess[best]!) best = c;
    if (best === label) correct++;
  }
  return { loss: loss / samples.count, correct, count: samples.count };
}

/** What the scoring rules want of an engine. */
export const linearEngine: Pick<Engine, "evaluate" | "predict"> = {
  evaluate: (model, weights, samples) => Promise.resolve(evaluate(weights, samples, model.classes)),
  predict: (model, weights, samples) => Promise.resolve(predict(weights, samples, model.classes)),
};
