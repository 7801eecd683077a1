import { expect } from "chai";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { LayerSpec, ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Engine, TrainOptions } from "../../../trainer/engine/port.ts";
import type { Samples, Weights } from "../../../trainer/model/tensors.ts";
import { initialWeights, tensorLayout } from "../../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { seededRandom, type Random } from "../../../trainer/random/seeded-random.ts";
import { everyLayer, withoutDropout } from "./models.ts";
import { randomModel } from "./random-model.ts";
import { digits, part, randomSamples } from "./samples.ts";

export const never = new AbortController().signal;

export const oneEpoch: TrainOptions = { optimizer: "sgd", learningRate: 0.1, epochs: 1, batchSize: 32, seed: 1 };

/** Code of the error that `work` is expected to raise. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CommonweightError) return error.code;
    throw error;
  }
  return "none";
}

/** Non-zero weights, so that biases matter too. */
function randomWeights(model: ModelSpec, random: Random): Weights {
  return initialWeights(model).map((value) => value + 0.2 * (random() - 0.5));
}

/** The gradient that an engine uses, measured by one training step on one batch with learning rate 1. */
async function gradientOf(engine: Engine, model: ModelSpec, weights: Weights, samples: Samples): Promise<Float32Array> {
  const options: TrainOptions = { ...oneEpoch, learningRate: 1, batchSize: samples.count };
  const trained = await engine.train({ model, weights, samples }, options, never);
  return weights.map((value, i) => value - (trained.weights[i] ?? Number.NaN));
}

/** Slope of the loss along `direction` in one tensor, by central differences of evaluations. */
async function slope(
  engine: Engine,
  model: ModelSpec,
  weights: Weights,
  samples: Samples,
  direction: Float32Array,
  step: number,
): Promise<number> {
  const at = async (size: number): Promise<number> => {
    const moved = weights.map((value, i) => value + size * (direction[i] ?? Number.NaN));
    return (await engine.evaluate({ model, weights: moved, samples }, never)).loss;
  };
  return ((await at(step)) - (await at(-step))) / (2 * step);
}

/** A random unit vector within one tensor. */
function directionIn(random: Random, length: number, offset: number, size: number): Float32Array {
  const direction = new Float32Array(length);
  for (let i = offset; i < offset + size; i++) direction[i] = random() - 0.5;
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  return direction.map((value) => value / norm);
}

/** Tests for every engine. */
export function engineContract(open: () => Promise<Engine>): void {
  let engine: Engine;
  before(async () => {
    engine = await open();
  });

  it("refuses samples that do not fit the model, and weights of another length", async () => {
    const model = PRESETS.linear([8, 8, 1], 10);
    const [weights, samples] = [initialWeights(model), part(digits(), 0, 8)];
    const attempt = (changed: Partial<Samples>): Promise<string> =>
      codeOf(engine.evaluate({ model, weights, samples: { ...samples, ...changed } }, never));
    expect(await attempt({ count: 0 })).to.equal("ENGINE_SAMPLES");
    expect(await attempt({ count: 9 })).to.equal("ENGINE_SAMPLES");
    expect(await attempt({ features: samples.features.subarray(1) })).to.equal("ENGINE_SAMPLES");
    expect(await attempt({ labels: samples.labels.subarray(1) })).to.equal("ENGINE_SAMPLES");
    expect(await attempt({ labels: samples.labels.map(() => 10) })).to.equal("ENGINE_SAMPLES");
    const short = weights.subarray(1);
    expect(await codeOf(engine.train({ model, weights: short, samples }, oneEpoch, never))).to.equal("ENGINE_WEIGHTS");
    expect(await codeOf(engine.evaluate({ model, weights: short, samples }, never))).to.equal("ENGINE_WEIGHTS");
  });

  it("refuses a hostile model before a tensor is made", async () => {
    const model: ModelSpec = {
      ...PRESETS.linear([64], 10),
      layers: [
        { type: "dense", units: 1e9, activation: "relu" },
        { type: "dense", units: 10, activation: "softmax" },
      ],
    };
    const samples = part(digits(), 0, 8);
    expect(await codeOf(engine.train({ model, weights: new Float32Array(1), samples }, oneEpoch, never))).to.equal(
      "MODEL_TOO_LARGE",
    );
    expect(await codeOf(engine.evaluate({ model, weights: new Float32Array(1), samples }, never))).to.equal(
      "MODEL_TOO_LARGE",
    );
  });

  it("raises ENGINE_NOT_FINITE when training diverges, and when a prediction is not a number", async () => {
    const model = PRESETS["2nn"]([8, 8, 1], 10);
    const samples = part(digits(), 0, 320);
    const options = { ...oneEpoch, learningRate: 1e30 };
    expect(await codeOf(engine.train({ model, weights: initialWeights(model), samples }, options, never))).to.equal(
      "ENGINE_NOT_FINITE",
    );
    const huge = initialWeights(model).fill(3e38);
    expect(await codeOf(engine.evaluate({ model, weights: huge, samples }, never))).to.equal("ENGINE_NOT_FINITE");
  });

  it("raises ENGINE_NOT_FINITE when a layer overflows, even where an activation would hide it", async () => {
    const samples = part(digits(), 0, 8);
    for (const activation of ["linear", "relu", "sigmoid", "tanh", "softmax"] as const) {
      const hidden: LayerSpec = { type: "dense", units: 16, activation };
      const model: ModelSpec = {
        ...PRESETS.linear([64], 10),
        layers: [{ ...hidden, activation: "relu" }, hidden, { type: "dense", units: 10, activation: "softmax" }],
      };
      const largest = 3.4e38;
      const weights = initialWeights(model).map((value) => Math.max(-largest, Math.min(largest, value * 1e39)));
      expect(await codeOf(engine.evaluate({ model, weights, samples }, never)), activation).to.equal(
        "ENGINE_NOT_FINITE",
      );
      expect(await codeOf(engine.train({ model, weights, samples }, oneEpoch, never)), activation).to.equal(
        "ENGINE_NOT_FINITE",
      );
    }
  });

  it("raises ENGINE_NOT_FINITE when only the last step diverges", async () => {
    const model = PRESETS.linear([8, 8, 1], 10);
    const [weights, samples] = [initialWeights(model), part(digits(), 0, 32)];
    const options = { ...oneEpoch, learningRate: 3e38 * 10 };
    expect(await codeOf(engine.train({ model, weights, samples }, options, never))).to.equal("ENGINE_NOT_FINITE");
  });

  it("follows the gradient of the loss that it evaluates, for 24 random models", async function () {
    this.timeout(20_000);
    const random = seededRandom(11);
    for (let i = 0; i < 24; i++) {
      const model = randomModel(random);
      const [weights, samples] = [randomWeights(model, random), randomSamples(model, 6, random)];
      const gradient = await gradientOf(engine, model, weights, samples);
      for (const { name, offset, size } of tensorLayout(model)) {
        const direction = directionIn(random, weights.length, offset, size);
        const expected = gradient.reduce((sum, value, k) => sum + value * (direction[k] ?? Number.NaN), 0);
        const measured = await slope(engine, model, weights, samples, direction, 2e-3);
        expect(Math.abs(expected - measured), `${name} of ${JSON.stringify(model)}`).to.be.below(2e-3);
      }
    }
  });

  it("learns the digits with every kind of layer, and reports its progress", async function () {
    this.timeout(20_000);
    const [training, holdout] = [part(digits(), 0, 1_400), part(digits(), 1_400, 1_797)];
    const shares: number[] = [];
    const options: TrainOptions = { ...oneEpoch, optimizer: "adam", learningRate: 0.01, epochs: 8 };
    const onProgress = (share: number): void => void shares.push(share);
    const result = await engine.train(
      { model: everyLayer, weights: initialWeights(everyLayer), samples: training },
      { ...options, onProgress },
      never,
    );
    const evaluation = await engine.evaluate({ model: everyLayer, weights: result.weights, samples: holdout }, never);
    expect(evaluation.count).to.equal(397);
    expect(evaluation.correct / evaluation.count).to.be.above(0.85);
    expect(evaluation.loss).to.be.below(0.6);
    expect(result.loss).to.be.below(0.6);
    expect(shares).to.have.length(8 * 44);
    expect(shares.every((share, i) => share > (shares[i - 1] ?? 0))).to.equal(true);
    expect(shares.at(-1)).to.equal(1);
  });

  it("evaluates the mean cross-entropy and the number of right predictions", async () => {
    const model: ModelSpec = { ...PRESETS.linear([2], 3), classes: 3 };
    // Kernel [2, 3], then biases: logits are (x, y, 0).
    const weights = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0);
    const samples: Samples = {
      count: 3,
      features: Float32Array.of(1, 0, 0, 2, 50, 0),
      labels: Uint16Array.of(0, 0, 2),
    };
    const expected = [
      -Math.log(Math.E / (Math.E + 2)),
      -Math.log(1 / (1 + Math.exp(2) + 1)),
      -Math.log(1e-7), // e^-50 is clamped to 1e-7
    ].reduce((sum, loss) => sum + loss / 3, 0);
    const { loss, correct, count } = await engine.evaluate({ model, weights, samples }, never);
    expect({ correct, count }).to.deep.equal({ correct: 1, count: 3 });
    expect(loss).to.be.closeTo(expected, 1e-5);
  });

  it("evaluates many samples, in slices, as the mean of their parts", async () => {
    const model = PRESETS["2nn"]([28, 28, 1], 10);
    const [weights, samples] = [initialWeights(model), randomSamples(model, 600, seededRandom(16))];
    const whole = await engine.evaluate({ model, weights, samples }, never);
    const parts = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((i) =>
        engine.evaluate({ model, weights, samples: part(samples, 100 * i, 100 * i + 100) }, never),
      ),
    );
    expect(whole.loss).to.be.closeTo(
      parts.reduce((sum, { loss }) => sum + loss / 6, 0),
      1e-6,
    );
    expect(whole.correct).to.equal(parts.reduce((sum, { correct }) => sum + correct, 0));
  });

  it("stops between batches when it is aborted, with the signal's reason", async () => {
    const model = PRESETS.linear([8, 8, 1], 10);
    const samples = part(digits(), 0, 320);
    const controller = new AbortController();
    const reason = new Error("enough");
    let batches = 0;
    const onProgress = (): void => {
      if (++batches === 3) controller.abort(reason);
    };
    const training = engine.train(
      { model, weights: initialWeights(model), samples },
      { ...oneEpoch, onProgress },
      controller.signal,
    );
    expect(await training.catch((error: unknown) => error)).to.equal(reason);
    expect(batches).to.equal(3);
    const evaluation = engine.evaluate({ model, weights: initialWeights(model), samples }, controller.signal);
    expect(await evaluation.catch((error: unknown) => error)).to.equal(reason);
  });

  it("learns from a large batch, in slices, what it learns from its parts on average", async function () {
    this.timeout(20_000);
    const model = withoutDropout(PRESETS["flobc-cnn"]([28, 28, 1], 10));
    const [weights, samples] = [initialWeights(model), randomSamples(model, 100, seededRandom(14))];
    const whole = await gradientOf(engine, model, weights, samples);
    const parts = await Promise.all(
      [0, 1, 2, 3].map((i) => gradientOf(engine, model, weights, part(samples, 25 * i, 25 * i + 25))),
    );
    const worst = whole.reduce((most, value, i) => {
      const mean = parts.reduce((sum, gradient) => sum + (gradient[i] ?? Number.NaN) / 4, 0);
      return Math.max(most, Math.abs(value - mean));
    }, 0);
    expect(worst).to.be.below(1e-5);
    expect(whole.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).to.be.above(1e-2);
  });

  it("lets the process's other work run, inside a large batch too", async function () {
    this.timeout(20_000);
    const model = PRESETS["flobc-cnn"]([28, 28, 1], 10);
    const samples = randomSamples(model, 512, seededRandom(13));
    const train = (): Promise<unknown> =>
      engine.train({ model, weights: initialWeights(model), samples }, { ...oneEpoch, batchSize: 512 }, never);
    await train();
    let [breaths, last] = [0, performance.now()];
    const gaps: number[] = [];
    const timer = setInterval(() => {
      breaths++;
      gaps.push(performance.now() - last);
      last = performance.now();
    }, 1);
    await train().finally(() => clearInterval(timer));
    expect(breaths).to.be.above(2);
    expect(Math.max(...gaps)).to.be.below(400);
  });

  it("leaves the weights that it starts from untouched", async () => {
    const model = PRESETS["2nn"]([8, 8, 1], 10);
    const weights = initialWeights(model);
    const unchanged = weights.slice();
    await engine.train({ model, weights, samples: part(digits(), 0, 64) }, oneEpoch, never);
    expect(weights).to.deep.equal(unchanged);
  });
}
