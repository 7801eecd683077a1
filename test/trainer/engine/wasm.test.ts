import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Engine, TrainOptions } from "../../../trainer/engine/port.ts";
import { createTensorFlowEngine } from "../../../trainer/engine/tensorflow-engine.ts";
import type { TensorFlow } from "../../../trainer/engine/runtime/tensorflow.ts";
import { openWasmBackend, openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { initialWeights } from "../../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { seededRandom } from "../../../trainer/random/seeded-random.ts";
import { codeOf, engineContract, never, oneEpoch } from "./engine-contract.ts";
import { everyLayer, withoutDropout } from "./models.ts";
import { randomModel } from "./random-model.ts";
import { digits, part, randomSamples } from "./samples.ts";

describe("WASM engine", () => {
  engineContract(openWasmEngine);

  let engine: Engine;
  let tf: TensorFlow;
  before(async () => {
    engine = await openWasmEngine();
    tf = await openWasmBackend();
    await import("@tensorflow/tfjs-backend-cpu");
  });

  it("trains random models as plain JavaScript does, by both optimizers", async function () {
    this.timeout(20_000);
    await tf.setBackend("cpu");
    const reference = createTensorFlowEngine(tf, "cpu", { name: "wasm", reason: "Plain JavaScript, to compare with." });
    const random = seededRandom(12);
    for (let i = 0; i < 20; i++) {
      const model = randomModel(random);
      const samples = randomSamples(model, 12, random);
      const options: TrainOptions = {
        ...oneEpoch,
        optimizer: i % 2 === 0 ? "sgd" : "adam",
        learningRate: 0.01,
        batchSize: 5,
      };
      const actual = await engine.train({ model, weights: initialWeights(model), samples }, options, never);
      const expected = await reference.train({ model, weights: initialWeights(model), samples }, options, never);
      const worst = actual.weights.reduce(
        (most, value, k) => Math.max(most, Math.abs(value - (expected.weights[k] ?? Number.NaN))),
        0,
      );
      expect(worst, JSON.stringify(model)).to.be.below(1e-4);
      expect(actual.loss).to.be.closeTo(expected.loss, 1e-5);
    }
  });

  it("gives the same bytes from the same seed, and others from another", async function () {
    this.timeout(10_000);
    const samples = part(digits(), 0, 300);
    for (const optimizer of ["sgd", "adam"] as const) {
      const run = (seed: number): Promise<Float32Array> =>
        engine
          .train(
            { model: everyLayer, weights: initialWeights(everyLayer), samples },
            { ...oneEpoch, optimizer, epochs: 2, seed },
            never,
          )
          .then(({ weights }) => weights);
      const [first, again, other] = [await run(1), await run(1), await run(2)];
      expect(again).to.deep.equal(first);
      expect(other).not.to.deep.equal(first);
    }
  });

  it("gives the same bytes while another session trains in the same process", async function () {
    this.timeout(10_000);
    const model = PRESETS["2nn"]([8, 8, 1], 10);
    const run = (seed: number): Promise<Float32Array> =>
      engine
        .train({ model, weights: initialWeights(model), samples: digits() }, { ...oneEpoch, epochs: 2, seed }, never)
        .then(({ weights }) => weights);
    const alone = [await run(1), await run(2)];
    expect(await Promise.all([run(1), run(2)])).to.deep.equal(alone);
  });

  it("draws dropout from the seed, not from the order of the samples", async () => {
    const withDropout = PRESETS["flobc-cnn"]([8, 8, 1], 10);
    const without = withoutDropout(withDropout);
    const samples = part(digits(), 0, 20);
    const lossOf = async (model: ModelSpec, seed: number): Promise<number> => {
      const options: TrainOptions = { ...oneEpoch, seed, batchSize: 20 };
      return (await engine.train({ model, weights: initialWeights(model), samples }, options, never)).loss;
    };
    // One batch of all samples: their order changes the loss only by rounding, dropout changes it clearly.
    expect(Math.abs((await lossOf(without, 1)) - (await lossOf(without, 2)))).to.be.below(1e-5);
    expect(Math.abs((await lossOf(withDropout, 1)) - (await lossOf(withDropout, 2)))).to.be.above(1e-3);
  });

  it("has the same evaluation, to the bit, in another process", async function () {
    this.timeout(20_000);
    const script = new URL("./evaluation-digest.ts", import.meta.url).pathname;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", script],
      { env: {} },
    );
    expect(stderr).to.equal("");
    expect(stdout).to.equal("53be283ac5daf73f 1105\n06f75a5f3accd03f 1661\n");
  });

  it("leaves no tensor behind, whether it ends, fails or is aborted", async () => {
    const count = tf.memory().numTensors;
    const [weights, samples] = [initialWeights(everyLayer), part(digits(), 0, 64)];
    await engine.train({ model: everyLayer, weights, samples }, { ...oneEpoch, optimizer: "adam" }, never);
    await engine.evaluate({ model: everyLayer, weights, samples }, never);
    const diverging = engine.train(
      { model: everyLayer, weights, samples },
      { ...oneEpoch, epochs: 9, learningRate: 1e38 },
      never,
    );
    expect(await codeOf(diverging)).to.equal("ENGINE_NOT_FINITE");
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await engine
      .train({ model: everyLayer, weights, samples }, { ...oneEpoch, onProgress }, controller.signal)
      .catch(() => undefined);
    expect(tf.memory().numTensors).to.equal(count);
  });

  it("leaves no tensor behind when a later slice of a batch fails", async function () {
    this.timeout(10_000);
    const model = PRESETS["flobc-cnn"]([28, 28, 1], 10);
    const samples = randomSamples(model, 80, seededRandom(15));
    samples.features.fill(Number.POSITIVE_INFINITY, 0, 784);
    const count = tf.memory().numTensors;
    for (let seed = 0; seed < 4; seed++) {
      const training = engine.train(
        { model, weights: initialWeights(model), samples },
        { ...oneEpoch, seed, batchSize: 80 },
        never,
      );
      expect(await codeOf(training)).to.equal("ENGINE_NOT_FINITE");
      expect(tf.memory().numTensors).to.equal(count);
    }
  });

  it("adds no listener for the process's uncaught errors", async () => {
    // In its own process, because other WebAssembly modules in this one may add listeners.
    const wasm = new URL("../../../trainer/engine/wasm.ts", import.meta.url).href;
    const program = `
      const listeners = () => process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
      const before = listeners();
      await (await import(${JSON.stringify(wasm)})).openWasmEngine();
      console.log(listeners() - before);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
    expect(stdout.trim()).to.equal("0");
  });

  it("evaluates 2,000 samples of 2nn in well under a second", async () => {
    const model = PRESETS["2nn"]([28, 28, 1], 10);
    const samples = randomSamples(model, 2_000, seededRandom(1));
    const start = performance.now();
    await engine.evaluate({ model, weights: initialWeights(model), samples }, never);
    expect(performance.now() - start).to.be.below(900);
  });
});
