import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { PRESET_NAMES, PRESETS, type PresetName } from "@commonweight/sdk/spec/presets";

import { initialWeights, tensorLayout } from "../../model/model-layout.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import type { Engine, EngineInput, TrainOptions } from "../port.ts";
import { learnableSamples } from "../probe/learnable-samples.ts";

const INPUT: ModelSpec["input"] = [28, 28, 1];
const CLASSES = 10;
const SAMPLES = 256;
const TRAINING: TrainOptions = { optimizer: "sgd", learningRate: 0.05, epochs: 1, batchSize: 32, seed: 1 };

/** Speed of one engine on one preset, in samples per second. */
export interface EngineSpeed {
  readonly engine: Engine["name"];
  readonly training: number;
  readonly evaluation: number;
}

/**
 * Largest difference between two engines' trained values of one tensor, as a share of the largest change that training
 * made in it: after one step, which shows the gradient, and after an epoch.
 */
export interface TensorDeviation {
  readonly tensor: string;
  readonly afterStep: number;
  readonly afterEpoch: number;
}

/** How far another engine is from the first on one preset. */
export interface EngineDeviation {
  readonly tensors: readonly TensorDeviation[];
  /** Difference of the mean losses in nats: before training, and after an epoch. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Samples for which the trained models predict different classes. */
  readonly predictions: number;
}

/** One preset on all engines. */
export interface PresetComparison {
  readonly preset: PresetName;
  readonly parameters: number;
  readonly samples: number;
  readonly speeds: readonly EngineSpeed[];
  /** `undefined` with one engine only. */
  readonly deviation: EngineDeviation | undefined;
}

/** What one engine made of one preset. */
interface EngineRun {
  readonly speed: EngineSpeed;
  readonly afterStep: Weights;
  readonly afterEpoch: Weights;
  readonly lossBefore: number;
  readonly lossAfter: number;
  readonly predicted: Uint16Array;
}

/**
 * Trains and evaluates every preset on each engine, from the same weights on the same samples in the same order.
 *
 * Only the first step and the epoch are compared: from there on, differences in the last bits grow by themselves.
 *
 * @param other - compared with `engine`, if given
 * @throws what the engines throw; `signal.reason` on abort
 */
export async function* compareEngines(
  engine: Engine,
  other: Engine | undefined,
  signal: AbortSignal,
): AsyncGenerator<PresetComparison> {
  for (const preset of PRESET_NAMES) {
    const model = PRESETS[preset](INPUT, CLASSES);
    const input: EngineInput = { model, weights: initialWeights(model), samples: learnableSamples(model, SAMPLES) };
    const first = await runPreset(engine, input, signal);
    const second = other && (await runPreset(other, input, signal));
    yield {
      preset,
      parameters: input.weights.length,
      samples: SAMPLES,
      speeds: [first.speed, ...(second === undefined ? [] : [second.speed])],
      deviation: second && deviationOf(input, first, second),
    };
  }
}

/** Trains one step, which also warms the engine up, then an epoch, both from the initial weights. */
async function runPreset(engine: Engine, input: EngineInput, signal: AbortSignal): Promise<EngineRun> {
  const step = await engine.train({ ...input, samples: firstBatch(input.samples) }, TRAINING, signal);
  const before = await engine.evaluate(input, signal);
  const [{ weights }, trainingSeconds] = await timed(() => engine.train(input, TRAINING, signal));
  const [after, evaluationSeconds] = await timed(() => engine.evaluate({ ...input, weights }, signal));
  return {
    speed: {
      engine: engine.name,
      training: input.samples.count / trainingSeconds,
      evaluation: input.samples.count / evaluationSeconds,
    },
    afterStep: step.weights,
    afterEpoch: weights,
    lossBefore: before.loss,
    lossAfter: after.loss,
    predicted: await engine.predict({ ...input, weights }, signal),
  };
}

function firstBatch({ features, labels, count }: Samples): Samples {
  const { batchSize } = TRAINING;
  return {
    count: batchSize,
    features: features.slice(0, (features.length / count) * batchSize),
    labels: labels.slice(0, batchSize),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1_000];
}

function deviationOf({ model, weights }: EngineInput, first: EngineRun, second: EngineRun): EngineDeviation {
  return {
    tensors: tensorLayout(model).map(({ name, offset, size }) => {
      const values = (all: Weights): Weights => all.subarray(offset, offset + size);
      const relative = (one: Weights, another: Weights): number =>
        share(largestDifference(values(one), values(another)), largestDifference(values(one), values(weights)));
      return {
        tensor: name,
        afterStep: relative(first.afterStep, second.afterStep),
        afterEpoch: relative(first.afterEpoch, second.afterEpoch),
      };
    }),
    lossBefore: Math.abs(first.lossBefore - second.lossBefore),
    lossAfter: Math.abs(first.lossAfter - second.lossAfter),
    predictions: first.predicted.filter((label, row) => label !== second.predicted[row]).length,
  };
}

function largestDifference(one: Weights, another: Weights): number {
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - (another[index] ?? Number.NaN))), 0);
}

/** `part / whole`; no difference is 0 also where training changed nothing. */
function share(part: number, whole: number): number {
  return part === 0 ? 0 : part / whole;
}
