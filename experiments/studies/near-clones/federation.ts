import { initialWeights } from "../../../trainer/model/model-layout.ts";
import { aggregate } from "../../../trainer/aggregation/aggregate.ts";
import { clipToMedianNorm } from "../../../trainer/aggregation/clip.ts";
import type { LabelledData } from "../../../trainer/data/labelled-data.ts";
import { partition } from "../../../trainer/data/partition.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { selectSamples, splitHoldout } from "../../../trainer/data/split.ts";
import type { Engine } from "../../../trainer/engine/port.ts";
import type { Samples, Weights } from "../../../trainer/model/tensors.ts";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { difference } from "../../../trainer/roles/trainer/learner.ts";
import { TRAINERS, type Setting } from "./setting.ts";

/** A job file's defaults: plain SGD. */
export const TRAINING = { optimizer: "sgd", learningRate: 0.1, batchSize: 32 } as const;
const HOLDOUT_SHARE = 0.2;
const ALPHA = 0.5;
/** Maximum number of training samples, so that a run takes seconds. */
const MOST_TRAINING_SAMPLES = 3_000;

/** Model and data of a run's trainers and validators. */
export interface World {
  readonly model: ModelSpec;
  readonly parts: readonly Samples[];
  readonly holdout: Samples;
}

/** One round of honest trainers. */
export interface HonestRound {
  readonly number: number;
  readonly base: Weights;
  /** Differences to the base, before clipping. */
  readonly updates: readonly Weights[];
}

/** Divides a data set for a run; parts, holdout and initial weights depend on the seed. */
export function openWorld(data: LabelledData, setting: Setting): World {
  const { samples, inputShape, classes } = data;
  const seed = `near-clones/${setting.seed}`;
  const { train, holdout } = splitHoldout(samples.count, HOLDOUT_SHARE, seed);
  const own = selectSamples(samples, train.subarray(0, MOST_TRAINING_SAMPLES));
  return {
    model: { ...PRESETS[setting.preset]([...inputShape], classes), seed: setting.seed },
    parts: partsOf(own, setting, seed),
    holdout: selectSamples(samples, holdout),
  };
}

function partsOf(train: Samples, { sharing }: Setting, seed: string): Samples[] {
  switch (sharing) {
    case "iid":
      return partition(train.labels, TRAINERS, { kind: "iid" }, seed).map((part) => selectSamples(train, part));
    case "dirichlet":
      return partition(train.labels, TRAINERS, { kind: "dirichlet", alpha: ALPHA }, seed).map((part) =>
        selectSamples(train, part),
      );
    case "same": {
      const [half = new Uint32Array()] = partition(train.labels, 2, { kind: "iid" }, seed);
      return Array.from({ length: TRAINERS }, () => selectSamples(train, half));
    }
  }
}

/** Inputs of a run's training. */
export interface Training {
  readonly engine: Engine;
  readonly world: World;
  readonly setting: Setting;
}

/** Simulates a job with default settings: honest updates, clipped to the median norm and averaged. */
export async function* honestRounds(
  { engine, world, setting }: Training,
  rounds: number,
  signal: AbortSignal,
): AsyncGenerator<HonestRound> {
  const { model, parts } = world;
  let base = initialWeights(model);
  for (let number = 1; number <= rounds; number++) {
    const updates: Weights[] = [];
    for (const [trainer, samples] of parts.entries()) {
      const options = { ...TRAINING, epochs: setting.epochs, seed: trainingSeed(setting.seed, number, trainer) };
      updates.push(difference((await engine.train({ model, weights: base, samples }, options, signal)).weights, base));
    }
    yield { number, base, updates };
    base = aggregate(base, clipToMedianNorm(updates), { kind: "fedavg" });
  }
}

/** Seed for the order of one trainer's samples in one round of one run. */
export function trainingSeed(seed: number, round: number, trainer: number): number {
  return seed * 10_000_019 + round * 65_537 + trainer;
}
