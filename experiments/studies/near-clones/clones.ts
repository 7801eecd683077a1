import type { Engine } from "../../../trainer/engine/port.ts";
import type { Samples, Weights } from "../../../trainer/model/tensors.ts";
import { normOf } from "../../../trainer/aggregation/clip.ts";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { gaussian, seededRandom } from "../../lab/random.ts";
import { difference } from "../../../trainer/roles/trainer/learner.ts";
import { TRAINING } from "./federation.ts";

/** Inputs for making clones of one update. */
export interface CloneSource {
  readonly engine: Engine;
  readonly model: ModelSpec;
  readonly base: Weights;
  readonly update: Weights;
  /** The samples that the update was trained on. */
  readonly samples: Samples;
  /** Different for every clone of every update. */
  readonly seed: number;
}

type Clone = (source: CloneSource, signal: AbortSignal) => Promise<Weights>;

/** Ways to make a near-copy of an update. Percentages are of the update's norm, or of every weight. */
export const CLONES: Readonly<Record<string, Clone>> = {
  "noise 0.1 %": noise(0.001),
  "noise 1 %": noise(0.01),
  "noise 5 %": noise(0.05),
  "noise 10 %": noise(0.1),
  "noise 30 %": noise(0.3),
  "noise 100 %": noise(1),
  "weights 1 %": weightNoise(0.01),
  "scale 0.9": ({ update }) => Promise.resolve(update.map((value) => value * 0.9)),
  "1 more epoch": moreEpochs(1),
  "5 more epochs": moreEpochs(5),
};

/** Adds Gaussian noise whose norm is `share` of the update's. */
function noise(share: number): Clone {
  return ({ update, seed }) => {
    const random = seededRandom(`clone/${share}/${seed}`);
    const deviation = (share * normOf(update)) / Math.sqrt(update.length);
    return Promise.resolve(update.map((value) => value + deviation * gaussian(random)));
  };
}

/** Multiplies every weight of base + update by 1 + `share` times a Gaussian number. */
function weightNoise(share: number): Clone {
  return ({ base, update, seed }) => {
    const random = seededRandom(`weights/${share}/${seed}`);
    return Promise.resolve(update.map((value, at) => value + share * (base[at]! + value) * gaussian(random)));
  };
}

/** Trains on the same samples in another order for more epochs. */
function moreEpochs(epochs: number): Clone {
  return async ({ engine, model, base, update, samples, seed }, signal) => {
    const stolen = base.map((value, at) => value + update[at]!);
    const { weights } = await engine.train({ model, weights: stolen, samples }, { ...TRAINING, epochs, seed }, signal);
    return difference(weights, base);
  };
}
