import { expect } from "chai";

import { PRESET_NAMES, PRESETS } from "@commonweight/sdk/spec/presets";
import { compareEngines, type PresetComparison } from "../../../../trainer/engine/comparison/compare-engines.ts";
import { deviationError } from "../../../../trainer/engine/comparison/require-close.ts";
import type { Engine } from "../../../../trainer/engine/port.ts";
import { openWasmEngine } from "../../../../trainer/engine/wasm.ts";
import { tensorLayout } from "../../../../trainer/model/model-layout.ts";
import { never } from "../engine-contract.ts";

async function compared(engine: Engine, other?: Engine): Promise<readonly PresetComparison[]> {
  const presets: PresetComparison[] = [];
  for await (const preset of compareEngines(engine, other, never)) presets.push(preset);
  return presets;
}

/** An engine whose step in one tensor of the 2NN is 1 % too long. */
function withWrongGradient(engine: Engine): Engine {
  const model = PRESETS["2nn"]([28, 28, 1], 10);
  const { offset, size } = tensorLayout(model).find(({ name }) => name === "layer2.bias")!;
  return {
    ...engine,
    train: async (input, options, signal) => {
      const { weights, loss } = await engine.train(input, options, signal);
      if (input.model.layers.length !== model.layers.length) return { weights, loss };
      const wrong = weights.map((value, index) =>
        index < offset || index >= offset + size ? value : value + 0.01 * (value - input.weights[index]!),
      );
      return { weights: wrong, loss };
    },
  };
}

describe("comparison of two engines", function () {
  this.timeout(60_000);
  let wasm: Engine;
  before(async () => {
    wasm = await openWasmEngine();
  });

  it("has every preset with speeds, and no deviation with one engine", async () => {
    const presets = await compared(wasm);
    expect(presets.map(({ preset }) => preset)).to.deep.equal([...PRESET_NAMES]);
    for (const { speeds, deviation, parameters } of presets) {
      expect(parameters).to.be.above(7_000);
      expect(speeds.map(({ engine }) => engine)).to.deep.equal(["wasm"]);
      expect(speeds.every(({ training, evaluation }) => training > 1 && evaluation > 1)).to.equal(true);
      expect(deviation).to.equal(undefined);
    }
    expect(deviationError(wasm, presets)).to.equal(undefined);
  });

  it("finds no deviation of an engine from itself, and ENGINE_DEVIATES of one with a wrong gradient in one tensor", async () => {
    const presets = await compared(wasm, withWrongGradient(wasm));
    const wrong = presets.flatMap(({ preset, deviation }) =>
      (deviation?.tensors ?? [])
        .filter(({ afterStep, afterEpoch }) => afterStep > 0 || afterEpoch > 0)
        .map(({ tensor, afterStep }) => ({ preset, tensor, percent: Math.round(afterStep * 100) })),
    );
    expect(wrong).to.deep.equal([{ preset: "2nn", tensor: "layer2.bias", percent: 1 }]);
    const error = deviationError(wasm, presets);
    expect(error).to.include({ code: "ENGINE_DEVIATES" });
    expect(error?.message).to.contain("2nn, layer2.bias is off by 0.010");
  });
});
