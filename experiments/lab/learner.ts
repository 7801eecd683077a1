import { accuracyBps } from "@commonweight/sdk/protocol/scores";
import type { Engine, Evaluation } from "../../trainer/engine/port.ts";
import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import { difference } from "../../trainer/roles/trainer/learner.ts";
import { seededRandom, shuffledIndices } from "../../trainer/random/seeded-random.ts";

/** Training options. */
export interface Lesson {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** The ten digits. */
const CLASSES = 10;

/**
 * Softmax regression in plain arrays: the model `linear` of `sdk/spec/presets.ts`, kernel `[features, classes]` before
 * the bias. Fast enough for thousands of rounds per hour on real samples.
 */
class SoftmaxRegression {
  readonly #samples: Samples;
  readonly #width: number;
  /** Output buffer, overwritten for each sample. */
  readonly #guess = new Float64Array(CLASSES);

  constructor(samples: Samples) {
    this.#samples = samples;
    this.#width = samples.features.length / samples.count;
  }

  /** Probabilities of the classes; the array is the same for all samples. */
  guess(weights: Weights, sample: number): Float64Array {
    const { features } = this.#samples;
    const [width, out] = [this.#width, this.#guess];
    const from = sample * width;
    const bias = width * CLASSES;
    let [a, b, c, d, e] = [
      weights[bias]!,
      weights[bias + 1]!,
      weights[bias + 2]!,
      weights[bias + 3]!,
      weights[bias + 4]!,
    ];
    let [f, g, h, i, j] = [
      weights[bias + 5]!,
      weights[bias + 6]!,
      weights[bias + 7]!,
      weights[bias + 8]!,
      weights[bias + 9]!,
    ];
    // Ten local sums, because this loop takes most of the experiment's time.
    for (let at = 0, row = 0; at < width; at++, row += CLASSES) {
      const x = features[from + at]!;
      if (x === 0) continue;
      a += x * weights[row]!;
      b += x * weights[row + 1]!;
      c += x * weights[row + 2]!;
      d += x * weights[row + 3]!;
      e += x * weights[row + 4]!;
      f += x * weights[row + 5]!;
      g += x * weights[row + 6]!;
      h += x * weights[row + 7]!;
      i += x * weights[row + 8]!;
      j += x * weights[row + 9]!;
    }
    const most = Math.max(a, b, c, d, e, f, g, h, i, j);
    let sum = 0;
    sum += out[0] = Math.exp(a - most);
    sum += out[1] = Math.exp(b - most);
    sum += out[2] = Math.exp(c - most);
    sum += out[3] = Math.exp(d - most);
    sum += out[4] = Math.exp(e - most);
    sum += out[5] = Math.exp(f - most);
    sum += out[6] = Math.exp(g - most);
    sum += out[7] = Math.exp(h - most);
    sum += out[8] = Math.exp(i - most);
    sum += out[9] = Math.exp(j - most);
    for (let at = 0; at < CLASSES; at++) out[at] = out[at]! / sum;
    return out;
  }

  /** Adds the gradient of the cross-entropy on a sample. */
  addGradient(gradient: Float64Array, weights: Weights, sample: number): void {
    const { features, labels } = this.#samples;
    const width = this.#width;
    const from = sample * width;
    const guess = this.guess(weights, sample);
    const label = labels[sample]!;
    guess[label] = guess[label]! - 1;
    for (let f = 0; f < width; f++) {
      const x = features[from + f]!;
      if (x === 0) continue;
      for (let c = 0; c < CLASSES; c++) gradient[f * CLASSES + c] = gradient[f * CLASSES + c]! + x * guess[c]!;
    }
    for (let c = 0; c < CLASSES; c++) gradient[width * CLASSES + c] = gradient[width * CLASSES + c]! + guess[c]!;
  }
}

/** Plain SGD on the cross-entropy; returns the difference to `base`. */
export function learn(base: Weights, samples: Samples, lesson: Lesson): Weights {
  const regression = new SoftmaxRegression(samples);
  const weights = Float32Array.from(base);
  const random = seededRandom(lesson.seed);
  const gradient = new Float64Array(weights.length);
  for (let epoch = 0; epoch < lesson.epochs; epoch++) {
    const order = shuffledIndices(samples.count, random);
    for (let start = 0; start < order.length; start += lesson.batchSize) {
      const batch = order.subarray(start, start + lesson.batchSize);
      gradient.fill(0);
      for (const sample of batch) regression.addGradient(gradient, weights, sample);
      const step = lesson.learningRate / batch.length;
      for (let at = 0; at < weights.length; at++) weights[at] = weights[at]! - step * gradient[at]!;
    }
  }
  return difference(weights, base);
}

/** The most probable class of each sample; the first one in a tie. */
export function predict(weights: Weights, samples: Samples): Uint16Array {
  const regression = new SoftmaxRegression(samples);
  return Uint16Array.from({ length: samples.count }, (_, sample) => {
    const guess = regression.guess(weights, sample);
    return guess.indexOf(Math.max(...guess));
  });
}

export function evaluate(weights: Weights, samples: Samples): Evaluation {
  const regression = new SoftmaxRegression(samples);
  let [loss, correct] = [0, 0];
  for (let sample = 0; sample < samples.count; sample++) {
    const guess = regression.guess(weights, sample);
    const label = samples.labels[sample]!;
    loss -= Math.log(Math.max(guess[label]!, 1e-7));
    let best = 0;
    for (let c = 1; c < CLASSES; c++) if (guess[c]! > guess[best]!) best = c;
    if (best === label) correct++;
  }
  return { loss: loss / samples.count, correct, count: samples.count };
}

/** Share of samples that a model classifies correctly. */
export function accuracyOf(weights: Weights, samples: Samples): number {
  const { correct, count } = evaluate(weights, samples);
  return correct / count;
}

/** The same in basis points, in the format of attestations. */
export function scoreBps(weights: Weights, samples: Samples): number {
  const { correct, count } = evaluate(weights, samples);
  return accuracyBps(correct, count);
}

/** The engine functions that scoring uses. */
export const linearEngine: Pick<Engine, "evaluate" | "predict"> = {
  evaluate: ({ weights, samples }) => Promise.resolve(evaluate(weights, samples)),
  predict: ({ weights, samples }) => Promise.resolve(predict(weights, samples)),
};
