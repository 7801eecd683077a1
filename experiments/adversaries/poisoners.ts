import { normOf } from "../../trainer/aggregation/clip.ts";
import { difference } from "../../trainer/roles/trainer/learner.ts";
import type { TrainerAgent, TrainingView } from "../lab/agents.ts";
import { noise } from "../lab/random.ts";
import { meanOf } from "../lab/study.ts";

/** Trainers that harm the model on purpose. Some use all honest updates of the round. */
export const POISONERS: Readonly<Record<string, TrainerAgent>> = {
  "sign flip": poisoner("sign flip", (view) => view.learn().map((value) => -value)),
  /** Trains with label 9 - c in place of c. */
  "label flip": poisoner("label flip", (view) => {
    const { own } = view;
    return view.learn({ ...own, labels: own.labels.map((label) => 9 - label) });
  }),
  /** Gaussian noise with ten times the norm of an honest update. */
  Gaussian: poisoner("Gaussian", ({ base, honest, random }) => noise(base.length, 10 * meanNorm(honest), random)),
  /**
   * "A little is enough" (Baruch et al. 2019, arXiv 1902.06156): the mean minus z standard deviations, where z is small
   * enough to be within the spread of the honest updates.
   */
  ALIE: poisoner("ALIE", ({ honest, base }) => {
    const { mean, deviation } = momentsOf(honest, base.length);
    return mean.map((value, at) => value - ALIE_DEVIATIONS * deviation[at]!);
  }),
  /**
   * Min-max (Shejwalkar and Houmansadr 2021, NDSS): as far from the mean as possible without being farther from any
   * honest update than two honest updates are from each other.
   */
  "min-max": poisoner("min-max", ({ honest, base }) => minMax(honest, base.length)),
};

/** z for 10 trainers of whom 3 attack: the normal quantile of (n - m - s) / (n - m), s = floor(n / 2 + 1) - m. */
const ALIE_DEVIATIONS = 0.18;

function poisoner(kind: string, update: (view: TrainingView) => Float32Array): TrainerAgent {
  return { kind, honest: false, update };
}

function minMax(honest: readonly Float32Array[], length: number): Float32Array {
  const { mean, deviation } = momentsOf(honest, length);
  const norm = normOf(deviation) || 1;
  const direction = deviation.map((value) => -value / norm);
  const widest = Math.max(...honest.flatMap((a) => honest.map((b) => distance(a, b))));
  let [low, high] = [0, 10 * widest];
  for (let step = 0; step < 30; step++) {
    const gamma = (low + high) / 2;
    const candidate = mean.map((value, at) => value + gamma * direction[at]!);
    if (Math.max(...honest.map((one) => distance(candidate, one))) <= widest) low = gamma;
    else high = gamma;
  }
  return mean.map((value, at) => value + low * direction[at]!);
}

function momentsOf(updates: readonly Float32Array[], length: number) {
  const mean = new Float32Array(length);
  const deviation = new Float32Array(length);
  for (let at = 0; at < length; at++) {
    const values = updates.map((update) => update[at]!);
    const own = meanOf(values);
    mean[at] = own;
    deviation[at] = Math.sqrt(values.reduce((sum, value) => sum + (value - own) ** 2, 0) / values.length);
  }
  return { mean, deviation };
}

function distance(a: Float32Array, b: Float32Array): number {
  return normOf(difference(a, b));
}

function meanNorm(updates: readonly Float32Array[]): number {
  return meanOf(updates.map(normOf));
}
