import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

import { trainingSpec } from "@commonweight/sdk/spec/job-spec";
import { modelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Engine } from "../../../../trainer/engine/port.ts";
import { PROBE_CASES } from "../../../../trainer/engine/probe/cases.ts";
import { PROBE_DIGESTS } from "../../../../trainer/engine/probe/digests.ts";
import { requireProbe } from "../../../../trainer/engine/probe/require-probe.ts";
import { runProbe, type ProbeResult } from "../../../../trainer/engine/probe/run-probe.ts";
import { sliceSize } from "../../../../trainer/engine/slices.ts";
import { openWasmEngine } from "../../../../trainer/engine/wasm.ts";
import { never } from "../engine-contract.ts";

const PROGRAM = fileURLToPath(new URL("./probe-program.ts", import.meta.url));
/** Planted faults, for `node --import`. */
const SIMD_BINARY_MISSING = new URL("./without-simd-binary.ts", import.meta.url).href;
const SIMD_OFF = new URL("./without-simd.ts", import.meta.url).href;
/** V8 compiles WebAssembly as on a processor of 2008, with one of its two compilers alone. */
const WITHOUT_AVX = ["--no-liftoff", "--no-enable-avx", "--no-enable-avx2", "--no-enable-fma3", "--no-enable-sse4-2"];
/** As on a still older processor: V8 has no SIMD. */
const WITHOUT_SSE4 = ["--no-enable-sse4-1"];

/** Outcome of the probe in a process of its own. */
async function probeUnder(...flags: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, PROGRAM]);
  return JSON.parse(stdout);
}

/** Layers, activations and paddings that the allow-list accepts: `dense`, `dense relu`, `conv2d same`. */
function allowedFeatures(): readonly string[] {
  return modelSpec.shape.layers.element.options.flatMap(({ shape }) => {
    const type = shape.type.value;
    const activation = "activation" in shape ? shape.activation : undefined;
    const activations = activation === undefined ? [] : "unwrap" in activation ? activation.unwrap() : activation;
    const names = "options" in activations ? activations.options : [];
    const paddings = "padding" in shape ? shape.padding.unwrap().options : [];
    return [type, ...[...names, ...paddings].map((name) => `${type} ${name}`)];
  });
}

/** What the layers of a probe's case cover; the last activation is part of the loss, whatever it is. */
function coveredFeatures(): ReadonlySet<string> {
  const layers = PROBE_CASES.flatMap(({ model }) => model.layers.slice(0, -1));
  return new Set(
    layers.flatMap((layer) => [
      layer.type,
      ...("activation" in layer ? [`${layer.type} ${layer.activation}`] : []),
      ...("padding" in layer ? [`${layer.type} ${layer.padding}`] : []),
    ]),
  );
}

describe("probe", function () {
  this.timeout(30_000);
  let engine: Engine;
  before(async () => {
    engine = await openWasmEngine();
  });

  describe("of an engine that computes otherwise", () => {
    /** Outcome on an engine with some other methods. */
    const probeWith = (changes: Partial<Engine>): Promise<ProbeResult> => runProbe({ ...engine, ...changes }, never);
    /** One nano-nat more than the engine's own. */
    const evaluate: Engine["evaluate"] = async (input, signal) => {
      const evaluation = await engine.evaluate(input, signal);
      return { ...evaluation, loss: evaluation.loss + 1e-9 };
    };

    it("names the case, the value and both digests for the last bit of one weight", async () => {
      const train: Engine["train"] = async (input, options, signal) => {
        const trained = await engine.train(input, options, signal);
        const bits = new Uint32Array(trained.weights.buffer);
        if (input.model === PROBE_CASES[3]?.model) bits[7] = (bits[7] ?? 0) ^ 1;
        return trained;
      };
      const result = await probeWith({ train });
      if (result.kind === "ok") throw new Error("The probe did not see the fault.");
      expect(result.name).to.equal("pooling");
      expect(result.difference).to.include({ value: "weights", expected: PROBE_DIGESTS.pooling.weights });
      expect(result.difference.actual)
        .to.match(/^[0-9a-f]{64}$/)
        .and.not.equal(result.difference.expected);
    });

    it("sees one nano-nat", async () => {
      expect(await probeWith({ evaluate })).to.have.nested.property("difference.value", "losses");
    });

    it("sees one predicted class", async () => {
      const predict: Engine["predict"] = async (input, signal) => (await engine.predict(input, signal)).with(0, 99);
      expect(await probeWith({ predict })).to.have.nested.property("difference.value", "predictions");
    });

    it("stops a worker with ENGINE_DIFFERS, the case and the engine's version", async () => {
      const error: unknown = await requireProbe({ ...engine, evaluate }, never).catch((reason: unknown) => reason);
      expect(error).to.include({ code: "ENGINE_DIFFERS" });
      expect(String(error)).to.contain("`linear`").and.contain(PROBE_DIGESTS.linear.losses).and.contain(engine.version);
    });

    it("sees the binary without SIMD, whose sums are in another order", async () => {
      expect(await probeUnder("--import", SIMD_BINARY_MISSING)).to.deep.include({ kind: "differs", name: "dense" });
    });
  });

  it("is refused before it runs where there is no SIMD: ENGINE_NO_SIMD", async () => {
    expect(await probeUnder("--import", SIMD_OFF)).to.deep.equal({ code: "ENGINE_NO_SIMD" });
  });

  it("is refused on a processor without SSE4.1 too (NOT RUN but on x64)", async function () {
    if (process.arch !== "x64") return this.skip();
    expect(await probeUnder(...WITHOUT_SSE4)).to.deep.equal({ code: "ENGINE_NO_SIMD" });
  });

  it("covers every layer, activation, padding and local optimizer that a job may ask for", () => {
    const covered = coveredFeatures();
    expect(allowedFeatures()).to.have.length.above(20).and.include("conv2d same").and.include("activation tanh");
    expect(allowedFeatures().filter((feature) => !covered.has(feature))).to.deep.equal([]);
    const optimizers = new Set(PROBE_CASES.map(({ training }) => training.optimizer));
    expect([...optimizers]).to.have.members([...trainingSpec.shape.optimizer.unwrap().options]);
  });

  it("covers batches that are smaller than others, and batches of several slices", () => {
    expect(PROBE_CASES.filter(({ count, training }) => count % training.batchSize > 0)).not.to.have.length(0);
    const slices = PROBE_CASES.filter(({ model, training }) => training.batchSize > sliceSize(model));
    expect(slices.map(({ name }) => name)).to.deep.equal(["slices"]);
    expect(Object.keys(PROBE_DIGESTS)).to.deep.equal(PROBE_CASES.map(({ name }) => name));
  });

  it("finds the committed digests, in less than three seconds of a processor", async () => {
    const start = process.cpuUsage();
    expect(await runProbe(engine, never)).to.deep.equal({ kind: "ok" });
    expect(process.cpuUsage(start).user / 1e6).to.be.below(3);
  });

  it("finds the committed digests with V8's other compiler alone", async () => {
    expect(await probeUnder("--liftoff-only")).to.deep.equal({ kind: "ok" });
  });

  it("finds the committed digests on an older processor (NOT RUN but on x64)", async function () {
    if (process.arch !== "x64") return this.skip();
    expect(await probeUnder(...WITHOUT_AVX)).to.deep.equal({ kind: "ok" });
  });
});
