import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

import { locateModelPython } from "../../../../tools/programs/python-program.ts";
import type { Located } from "../../../../tools/programs/locate-program.ts";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { PRESETS } from "@commonweight/sdk/spec/presets";
import { initialWeights } from "../../../../trainer/model/model-layout.ts";
import { modelFiles } from "../../../../trainer/model/usage/model-files.ts";
import type { InputScaling, ModelFacts } from "../../../../trainer/model/usage/model-facts.ts";
import { openWasmEngine } from "../../../../trainer/engine/wasm.ts";
import { never } from "../../engine/engine-contract.ts";
import { everyLayer } from "../../engine/models.ts";

const run = promisify(execFile);
const MODULES = fileURLToPath(new URL("../../../../node_modules", import.meta.url));
/** Probabilities of two libraries, both in float32. */
const TOLERANCE = 2e-5;

const sameSize: ModelSpec = {
  ...{ input: [7, 6, 2], classes: 3, seed: 3 },
  layers: [
    { type: "conv2d", filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu" },
    { type: "conv2d", filters: 3, kernelSize: 2, strides: 1, padding: "same", activation: "tanh" },
    { type: "averagePooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dense", units: 5, activation: "sigmoid" },
    { type: "dense", units: 3, activation: "linear" },
    { type: "activation", activation: "softmax" },
  ],
};
const cases: Readonly<Record<string, { readonly model: ModelSpec; readonly scaling: InputScaling | null }>> = {
  "2nn on columns": {
    model: { ...PRESETS["2nn"]([6], 3), seed: 5 },
    scaling: { kind: "columns", means: [1, 2, -3, 4, 0.5, 1e6], scales: [2, 0.5, 7, 1, 3, 1e5] },
  },
  "every layer on pictures": { model: everyLayer, scaling: { kind: "divisor", divisor: 255 } },
  "same padding, average pooling": { model: sameSize, scaling: { kind: "divisor", divisor: 16 } },
  "data that nobody published": { model: PRESETS.linear([4, 3, 1], 4), scaling: null },
};

function factsOf(model: ModelSpec, scaling: InputScaling | null): ModelFacts {
  return {
    ...{ name: "Wines <b>`of`</b>\n# Italy", job: "7", chain: "31337", market: `0x${"ab".repeat(20)}`, round: 3 },
    ...{ version: 2, model: "bafy", inputShape: model.input, classes: model.classes, scaling, holdout: "public" },
    columnNames: scaling?.kind === "columns" ? scaling.means.map((_, at) => `<width> ${at}`) : null,
    classNames: Array.from({ length: model.classes }, (_, label) => `class "${label}"`),
    ...{ holdoutSamples: 120, accuracy: 0.9312, confirmedAccuracy: null },
  };
}

/** Weights with biases that are not zero, so that a forgotten bias shows. */
function weightsOf(model: ModelSpec): Float32Array {
  return initialWeights(model).map((value, at) => value + ((at % 7) - 3) / 50);
}

/** Our engine's probability of each class for the examples' sample, from the loss of each label. */
async function expected(model: ModelSpec, scaling: InputScaling | null): Promise<readonly number[]> {
  const engine = await openWasmEngine();
  const size = model.input.reduce((product, length) => product * length, 1);
  const features = Float32Array.from({ length: size }, (_, i) => {
    if (scaling?.kind === "columns") return ((i % 10) - (scaling.means[i] ?? 0)) / (scaling.scales[i] ?? 1);
    return (i % 10) / (scaling?.divisor ?? 1);
  });
  const shares: number[] = [];
  for (let label = 0; label < model.classes; label++) {
    const samples = { count: 1, features, labels: Uint16Array.of(label) };
    shares.push(Math.exp(-(await engine.evaluate({ model, weights: weightsOf(model), samples }, never)).loss));
  }
  return shares;
}

describe("a released model's files", function () {
  this.timeout(60_000);
  let folder: string;
  let python: Located;
  before(async function () {
    // It may install Python packages.
    this.timeout(600_000);
    python = await locateModelPython();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "commonweight-usage-"));
    await symlink(MODULES, join(folder, "node_modules"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Writes the files and returns the README's example in a language. */
  async function written(name: string, language: string): Promise<string> {
    const { model, scaling } = cases[name] ?? { model: everyLayer, scaling: null };
    const files = modelFiles(model, weightsOf(model), factsOf(model, scaling));
    for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
    const readme = new TextDecoder().decode(files["README.md"]);
    return new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(readme)?.[1] ?? "";
  }

  async function assertPredicts(name: string, out: string): Promise<void> {
    const { model, scaling } = cases[name] ?? { model: everyLayer, scaling: null };
    const shares = JSON.parse(out) as Record<string, number>;
    expect(Object.keys(shares)).to.deep.equal(factsOf(model, scaling).classNames);
    for (const [label, share] of (await expected(model, scaling)).entries()) {
      expect(Object.values(shares)[label]).to.be.closeTo(share, TOLERANCE);
    }
  }

  for (const name of Object.keys(cases)) {
    it(`predicts with the README's TensorFlow.js what our engine predicts: ${name}`, async () => {
      const example = await written(name, "js");
      await writeFile(join(folder, "predict.mjs"), example);
      await assertPredicts(name, (await run(process.execPath, ["predict.mjs"], { cwd: folder })).stdout);
    });

    it(`predicts with the README's Python what our engine predicts: ${name}`, async function () {
      if (python.kind === "missing") {
        process.stdout.write(`      NOT RUN: ${python.reason}\n`);
        return this.skip();
      }
      const example = await written(name, "python");
      await assertPredicts(name, (await run(python.path, ["-c", example], { cwd: folder })).stdout);
    });
  }

  it("need ten lines of either language for a model of the usual size", async () => {
    const python = (await written("data that nobody published", "python")).split("\n");
    expect(python.length).to.be.at.most(10);
    expect((await written("2nn on columns", "js")).split("\n").length).to.be.at.most(11);
  });

  it("say which value of a sample is which, where the data set names them", () => {
    const { model, scaling } = cases["2nn on columns"] ?? { model: everyLayer, scaling: null };
    const facts = factsOf(model, scaling);
    const files = modelFiles(model, weightsOf(model), facts);
    const text = (name: string) => new TextDecoder().decode(files[name]);
    expect(text("README.md")).to.contain(
      "samples of 6 values, as float32, in this order: \\<width\\> 0, \\<width\\> 1, ",
    );
    const json = JSON.parse(text("model.json")) as { userDefinedMetadata: ModelFacts };
    expect(json.userDefinedMetadata.columnNames).to.deep.equal(facts.columnNames).and.have.length(6);
    expect(text("model.safetensors")).to.contain('"columnNames":"[\\"<width> 0\\",');
  });

  it("say the shape, the classes, the scaling, the accuracy, the holdout, job, chain and round", () => {
    const { model, scaling } = cases["every layer on pictures"] ?? { model: everyLayer, scaling: null };
    const facts = factsOf(model, scaling);
    const files = modelFiles(model, weightsOf(model), facts);
    const readme = new TextDecoder().decode(files["README.md"]);
    for (const part of [
      ...["divided by 255", "93.12 % on 120 samples of the public holdout", "no second committee has confirmed"],
      ...["job 7", "chain 31337", "round 3", facts.market, model.input.join(" x ")],
    ]) {
      expect(readme).to.contain(part);
    }
    expect(readme).to.match(/^# Wines \\<b\\>\\`of\\`\\<\/b\\> \\# Italy$/m);
    const json = JSON.parse(new TextDecoder().decode(files["model.json"])) as { userDefinedMetadata: ModelFacts };
    expect(json.userDefinedMetadata).to.deep.equal(facts);
    const weights = files["model.safetensors"] ?? new Uint8Array();
    const length = Number(new DataView(weights.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(weights.subarray(8, 8 + length))) as Record<string, unknown>;
    expect(header["__metadata__"]).to.include({ accuracy: "0.9312", scaling: '{"kind":"divisor","divisor":255}' });
    expect(header["__metadata__"]).not.to.have.property("confirmedAccuracy");
  });
});
