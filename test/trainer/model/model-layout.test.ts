import { createHash } from "node:crypto";
import { expect } from "chai";
import { CommonweightError } from "@commonweight/sdk/errors";
import { modelSpec, type LayerSpec, type ModelSpec } from "@commonweight/sdk/spec/model-spec";
import {
  checkModel,
  initialWeights,
  outputShapes,
  parameterCount,
  tensorLayout,
} from "../../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";

const softmax10: LayerSpec = { type: "dense", units: 10, activation: "softmax" };
const flatten: LayerSpec = { type: "flatten" };

function model(input: ModelSpec["input"], ...layers: LayerSpec[]): ModelSpec {
  return { input, classes: 10, layers, seed: 0 };
}

function conv(options: Partial<Extract<LayerSpec, { type: "conv2d" }>>): LayerSpec {
  return { type: "conv2d", filters: 4, kernelSize: 3, strides: 1, padding: "valid", activation: "linear", ...options };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CommonweightError) return error.code;
    throw error;
  }
  return "none";
}

describe("model layout", () => {
  describe("refuses", () => {
    const cases: Record<string, readonly [code: string, spec: ModelSpec]> = {
      "no layers": ["MODEL_EMPTY", model([4])],
      "nothing to train": ["MODEL_EMPTY", model([10], { type: "activation", activation: "softmax" })],
      "more layers than allowed": ["MODEL_TOO_LARGE", model([4], ...Array<LayerSpec>(32).fill(flatten), softmax10)],
      "dense on a picture": ["MODEL_SHAPE", model([8, 8, 1], softmax10)],
      "a convolution on features": ["MODEL_SHAPE", model([64], conv({}), flatten, softmax10)],
      "pooling on features": ["MODEL_SHAPE", model([64], { type: "maxPooling2d", poolSize: 2 }, softmax10)],
      "a convolution after flatten": ["MODEL_SHAPE", model([8, 8, 1], flatten, conv({}), softmax10)],
      "a kernel larger than its input": ["MODEL_SHAPE", model([8, 2, 1], conv({}), flatten, softmax10)],
      "a padded kernel larger than its input": [
        "MODEL_SHAPE",
        model([2, 2, 1], conv({ padding: "same" }), flatten, softmax10),
      ],
      "a pool larger than its input": [
        "MODEL_SHAPE",
        model([3, 3, 1], { type: "averagePooling2d", poolSize: 4 }, flatten, softmax10),
      ],
      "logits for probabilities": ["MODEL_OUTPUT", model([4], { ...softmax10, activation: "linear" })],
      "a wrong number of classes": ["MODEL_OUTPUT", model([4], { ...softmax10, units: 9 })],
      "dropout after the probabilities": ["MODEL_OUTPUT", model([4], softmax10, { type: "dropout", rate: 0.5 })],
      "probabilities in a picture": [
        "MODEL_OUTPUT",
        model([3, 3, 1], conv({ filters: 10 }), { type: "activation", activation: "softmax" }),
      ],
      "an input past the activations": ["MODEL_TOO_LARGE", model([512, 512, 16], flatten, softmax10)],
      "a layer past the activations": [
        "MODEL_TOO_LARGE",
        model([512, 512, 1], conv({ filters: 16 }), flatten, softmax10),
      ],
      "a kernel past the parameters": ["MODEL_TOO_LARGE", model([65_536], { ...softmax10, units: 65_536 }, softmax10)],
      "parameters past the limit in sum": [
        "MODEL_TOO_LARGE",
        model([4_000], { ...softmax10, units: 4_000 }, { ...softmax10, units: 4_000 }, softmax10),
      ],
      "a billion units past the schema": ["MODEL_TOO_LARGE", model([4], { ...softmax10, units: 1e9 }, softmax10)],
      "units past all integers": ["MODEL_SHAPE", model([4], { ...softmax10, units: 1e308 }, softmax10)],
      "no units": ["MODEL_SHAPE", model([4], { ...softmax10, units: 0 }, softmax10)],
      "part of a unit": ["MODEL_SHAPE", model([4], { ...softmax10, units: 2.5 }, softmax10)],
      "units that are not a number": ["MODEL_SHAPE", model([4], { ...softmax10, units: Number.NaN }, softmax10)],
      "negative strides": ["MODEL_SHAPE", model([8, 8, 1], conv({ strides: -1 }), flatten, softmax10)],
      "no strides": ["MODEL_SHAPE", model([8, 8, 1], conv({ strides: 0 }), flatten, softmax10)],
      "a pool of nothing": ["MODEL_SHAPE", model([8, 8, 1], { type: "maxPooling2d", poolSize: 0 }, flatten, softmax10)],
    };
    for (const [name, [code, spec]] of Object.entries(cases)) {
      it(`${name}: ${code}`, () => expect(codeOf(() => checkModel(spec))).to.equal(code));
    }

    it("a billion units already by the schema", () => {
      expect(modelSpec.safeParse(model([4], { ...softmax10, units: 1e9 })).success).to.equal(false);
    });
  });

  it("names tensors and places them one after the other", () => {
    const layout = tensorLayout(
      model([8, 8, 2], conv({ filters: 3, padding: "same", strides: 2 }), flatten, softmax10),
    );
    expect(layout).to.deep.equal([
      { name: "layer0.kernel", shape: [3, 3, 2, 3], offset: 0, size: 54 },
      { name: "layer0.bias", shape: [3], offset: 54, size: 3 },
      { name: "layer2.kernel", shape: [48, 10], offset: 57, size: 480 },
      { name: "layer2.bias", shape: [10], offset: 537, size: 10 },
    ]);
  });

  it("gives every layer's output shape", () => {
    const spec = model(
      [9, 7, 2],
      conv({ kernelSize: 2, strides: 3 }),
      conv({ padding: "same", kernelSize: 2, strides: 2 }),
      flatten,
      softmax10,
    );
    expect(outputShapes(spec)).to.deep.equal([[3, 2, 4], [2, 1, 4], [8], [10]]);
    expect(outputShapes(model([9, 7, 2], { type: "maxPooling2d", poolSize: 2 }, flatten, softmax10))[0]).to.deep.equal([
      4, 3, 2,
    ]);
  });

  describe("presets", () => {
    it("have the papers' parameter counts", () => {
      expect(parameterCount(PRESETS.linear([28, 28, 1], 10))).to.equal(7_850);
      expect(parameterCount(PRESETS.linear([20, 20, 1], 10))).to.equal(4_010);
      expect(parameterCount(PRESETS["2nn"]([28, 28, 1], 10))).to.equal(199_210);
      expect(parameterCount(PRESETS["flobc-cnn"]([28, 28, 1], 10))).to.equal(608_338);
    });

    it("fit other inputs, and flatten only pictures", () => {
      expect(parameterCount(PRESETS.linear([64], 10))).to.equal(650);
      expect(PRESETS["2nn"]([64], 3).layers).to.have.length(3);
      expect(parameterCount(PRESETS["flobc-cnn"]([8, 8, 1], 10))).to.equal(280 + (9 * 28 + 1) * 128 + 129 * 16 + 170);
      expect(codeOf(() => checkModel(PRESETS["flobc-cnn"]([64], 10)))).to.equal("MODEL_SHAPE");
    });

    it("pass the schema unchanged", () => {
      for (const preset of Object.values(PRESETS)) {
        expect(modelSpec.parse(preset([28, 28, 1], 10))).to.deep.equal(preset([28, 28, 1], 10));
      }
    });
  });

  describe("initial weights", () => {
    const spec = PRESETS["flobc-cnn"]([28, 28, 1], 10);
    const weights = initialWeights(spec);

    it("are the same bytes everywhere", () => {
      const digest = createHash("sha256").update(new Uint8Array(weights.buffer)).digest("hex");
      expect(digest).to.equal("af62bd43853c64e5620a3dab6ee8b7d3e14b36887bb640b05bff7cb56cc63d48");
      expect(initialWeights(spec)).to.deep.equal(weights);
    });

    it("change with the seed", () => {
      expect(initialWeights({ ...spec, seed: 1 })).not.to.deep.equal(weights);
    });

    it("are uniform within Glorot's limits, with biases zero", () => {
      for (const { name, shape, offset, size } of tensorLayout(spec)) {
        const values = weights.subarray(offset, offset + size);
        if (name.endsWith("bias")) {
          expect(values.every((value) => value === 0)).to.equal(true);
          continue;
        }
        const [inputs = 0, outputs = 0] = shape.length === 4 ? [9, 9 * 28] : shape;
        const limit = Math.sqrt(6 / (inputs + outputs));
        const variance = values.reduce((sum, value) => sum + value * value, 0) / size;
        expect(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).to.be.within(
          0.95 * limit,
          limit * (1 + 1e-6),
        );
        expect(variance / (limit ** 2 / 3)).to.be.within(0.75, 1.25);
      }
    });
  });
});
