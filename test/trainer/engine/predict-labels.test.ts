import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { predictLabels } from "../../../trainer/engine/predict-labels.ts";
import type { Engine } from "../../../trainer/engine/port.ts";
import { createRuntime, type Runtime } from "../../../trainer/engine/runtime/runtime.ts";
import { openWasmBackend, openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { initialWeights } from "../../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { seededRandom } from "../../../trainer/random/seeded-random.ts";

const { signal } = new AbortController();
const model = { ...PRESETS["2nn"]([4, 4, 1], 5), seed: 3 };
const random = seededRandom(7);
const count = 2_000;
const samples = {
  count,
  features: Float32Array.from({ length: count * 16 }, random),
  labels: Uint16Array.from({ length: count }, () => Math.floor(5 * random())),
};

describe("predicted labels", () => {
  let engine: Engine;
  let runtime: Runtime;

  before(async () => {
    engine = await openWasmEngine();
    runtime = createRuntime(await openWasmBackend(), "wasm");
  });

  it("refuse weights that give no number", async () => {
    const weights = initialWeights(model).fill(3e38);
    const refused = await predictLabels(runtime, { model, weights, samples }, signal).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(CommonweightError);
    expect((refused as CommonweightError).code).to.equal("ENGINE_NOT_FINITE");
  });

  it("are right as often as an evaluation counts", async () => {
    const weights = initialWeights(model);
    const predicted = await predictLabels(runtime, { model, weights, samples }, signal);
    const { correct } = await engine.evaluate({ model, weights, samples }, signal);
    expect(new Set(predicted).size).to.be.above(1);
    expect(predicted.filter((label, at) => label === samples.labels[at]).length).to.equal(correct);
  });
});
