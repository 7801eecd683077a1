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

/** The project's defaults for a job: plain gradient descent. */
export const TRAINING = { optimizer: "sgd", learningRate: 0.1, batchSize: 32 } as const;
const HOLDOUT_SHARE = 0.2;
const ALPHA = 0.5;
/** Samples that the trainers share, at most: as many as make a run of seconds. */
const MOST_TRAINING_SAMPLES = 3_000;

/** What a run's trainers and validators hold. */
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

/** Deals a data set out for a run: another seed, other parts, another holdout and other initial weights. */
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

/** What a run is trained with. */
export interface Training {
  readonly engine: Engine;
  readonly world: World;
  readonly setting: Setting;
}

/** Runs a job with the defaults: honest updates, clipped to the median norm, averaged. */
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

/** Seed of one trainer's order of samples in one round of one run. */
export function trainingSeed(seed: number, round: number, trainer: number): number {
  return seed * 10_000_019 + round * 65_537 + trainer;
}
