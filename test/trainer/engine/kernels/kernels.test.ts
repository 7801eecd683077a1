import { expect } from "chai";
import type { Attribute } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../../../../trainer/engine/runtime/tensorflow.ts";
import { seededRandom, type Random } from "../../../../trainer/random/seeded-random.ts";
import { pick } from "../random-model.ts";
import {
  distance,
  dot,
  openBothBackends,
  randomValues,
  runKernel,
  sizeOf,
  stepped,
  type Values,
} from "./kernel-reference.ts";

/** One random forward operation, with one of its gradients. */
interface Case {
  readonly title: string;
  readonly forward: string;
  readonly inputs: Readonly<Record<string, Values>>;
  readonly attributes: Record<string, Attribute>;
  /** The input of the derivative. */
  readonly by: string;
  /** The gradient kernel, from the output and the gradient of the loss with respect to the output. */
  readonly gradient: (
    output: Values,
    dy: Values,
  ) => readonly [string, Readonly<Record<string, Values>>, Record<string, Attribute>];
}

/** Tolerance for sums in another order than the reference's: some float32 ulps. */
const ROUNDING = 1e-5;
/** Tolerance for central differences of float32 values with a step of 1/64. */
const DIFFERENCES = 2e-3;
const STEP = 1 / 64;

function windowOptions(random: Random): { readonly pad: string; readonly strides: number } {
  return { pad: pick(random, ["valid", "same"]), strides: pick(random, [1, 2, 3]) };
}

function pictures(random: Random): Values {
  const side = (): number => 4 + Math.floor(random() * 6);
  return randomValues(random, pick(random, [1, 2, 5]), side(), side(), pick(random, [1, 2, 3, 8]));
}

function convolution(random: Random, by: "x" | "filter"): Case {
  const x = pictures(random);
  const [height, width] = [pick(random, [1, 2, 3, 4]), pick(random, [1, 2, 3, 4])];
  const filter = randomValues(random, height, width, x.shape[3] ?? 0, pick(random, [1, 2, 5, 9]));
  const options = windowOptions(random);
  const attributes: Record<string, Attribute> = {
    strides: options.strides,
    pad: options.pad,
    dataFormat: "NHWC",
    dilations: 1,
  };
  return {
    title: `[${x.shape.join()}] * [${filter.shape.join()}], strides ${options.strides}, ${options.pad}`,
    forward: "Conv2D",
    inputs: { x, filter },
    attributes,
    by,
    gradient: (_, dy) =>
      by === "x"
        ? ["Conv2DBackpropInput", { dy, filter }, { ...attributes, inputShape: [...x.shape] }]
        : ["Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape: [...filter.shape] }],
  };
}

/** Distinct values, farther apart than the difference steps, so that the maximum of a window does not change. */
function distinctPictures(random: Random): Values {
  const { shape } = pictures(random);
  const ranks = Array.from({ length: sizeOf(shape) }, (_, rank) => ({ rank, key: random() }));
  const values = ranks.sort((a, b) => a.key - b.key).map(({ rank }) => (rank - ranks.length / 2) / 16);
  return { shape, values: Float32Array.from(values) };
}

function pooling(random: Random, kind: "MaxPool" | "AvgPool"): Case {
  const x = kind === "MaxPool" ? distinctPictures(random) : pictures(random);
  const filterSize = pick(random, [1, 2, 3, 4]);
  const { pad: anyPad, strides } = windowOptions(random);
  // TensorFlow.js ignores padding in average pooling, but counts it in the gradient. Our models never pad a pool.
  const pad = kind === "AvgPool" ? "valid" : anyPad;
  const attributes: Record<string, Attribute> = { filterSize, strides, pad };
  return {
    title: `[${x.shape.join()}], window ${filterSize}, strides ${strides}, ${pad}`,
    forward: kind,
    inputs: { x },
    attributes,
    by: "x",
    gradient: (output, dy) =>
      kind === "MaxPool"
        ? ["MaxPoolGrad", { dy, input: x, output }, attributes]
        : ["AvgPoolGrad", { dy, input: x }, attributes],
  };
}

function product(random: Random): Case {
  const [transposeA, transposeB] = [random() < 0.5, random() < 0.5];
  const [rows, inner, columns] = [pick(random, [1, 3, 9]), pick(random, [1, 4, 17]), pick(random, [1, 5, 20])];
  const batch = pick<number[]>(random, [[], [3]]);
  const a = randomValues(random, ...batch, ...(transposeA ? [inner, rows] : [rows, inner]));
  const b = randomValues(random, ...batch, ...(transposeB ? [columns, inner] : [inner, columns]));
  const attributes = { transposeA, transposeB };
  return {
    title: `[${a.shape.join()}]${transposeA ? "^T" : ""} x [${b.shape.join()}]${transposeB ? "^T" : ""}`,
    forward: "BatchMatMul",
    inputs: { a, b },
    attributes,
    by: "a",
    gradient: (_, dy) =>
      transposeA
        ? ["BatchMatMul", { a: b, b: dy }, { transposeA: transposeB, transposeB: true }]
        : ["BatchMatMul", { a: dy, b }, { transposeA: false, transposeB: !transposeB }],
  };
}

const MAKERS: Record<string, (random: Random) => Case> = {
  "a convolution by its kernel": (random) => convolution(random, "filter"),
  "a convolution by its pictures": (random) => convolution(random, "x"),
  "max pooling": (random) => pooling(random, "MaxPool"),
  "average pooling": (random) => pooling(random, "AvgPool"),
  "a matrix product": product,
};

describe("gradient kernels on WASM", () => {
  let tf: TensorFlow;
  before(async () => {
    tf = await openBothBackends();
  });

  for (const [name, make] of Object.entries(MAKERS)) {
    it(`${name}: as plain JavaScript computes it, for 40 shapes`, async () => {
      const random = seededRandom(1, name.length);
      for (let i = 0; i < 40; i++) {
        const { title, forward, inputs, attributes, gradient } = make(random);
        const output = await runKernel(tf, "cpu", forward, inputs, attributes);
        expect(distance(await runKernel(tf, "wasm", forward, inputs, attributes), output), title).to.be.below(ROUNDING);
        const call = gradient(output, randomValues(random, ...output.shape));
        const reference = await runKernel(tf, "cpu", ...call);
        expect(distance(await runKernel(tf, "wasm", ...call), reference), title).to.be.below(ROUNDING);
      }
    });

    it(`${name}: as finite differences of the forward pass, for 20 shapes`, async () => {
      const random = seededRandom(2, name.length);
      for (let i = 0; i < 20; i++) {
        const { title, forward, inputs, attributes, by, gradient } = make(random);
        const input = inputs[by];
        if (input === undefined) throw new Error(`No input ${by}.`);
        const output = await runKernel(tf, "wasm", forward, inputs, attributes);
        const dy = randomValues(random, ...output.shape);
        const direction = randomValues(random, ...input.shape);

        const lossAt = async (step: number): Promise<number> => {
          const moved = { ...inputs, [by]: stepped(input, direction, step) };
          return dot((await runKernel(tf, "wasm", forward, moved, attributes)).values, dy.values);
        };
        const numeric = ((await lossAt(STEP)) - (await lossAt(-STEP))) / (2 * STEP);
        const analytic = dot((await runKernel(tf, "wasm", ...gradient(output, dy))).values, direction.values);
        expect(Math.abs(numeric - analytic) / Math.max(1, Math.abs(numeric)), title).to.be.below(DIFFERENCES);
      }
    });
  }

  for (const [name, kernel] of [
    ["by its kernel", "Conv2DBackpropFilter"],
    ["by its pictures", "Conv2DBackpropInput"],
  ] as const) {
    it(`a convolution ${name}: also where the patches are worked off in several stretches`, async function () {
      this.timeout(10_000);
      const random = seededRandom(3);
      const x = randomValues(random, 5, 48, 48, 8);
      const filter = randomValues(random, 5, 5, 8, 2);
      const dy = randomValues(random, 5, 48, 48, 2);
      const options = {
        strides: 1,
        pad: "same",
        dataFormat: "NHWC",
        inputShape: [...x.shape],
        filterShape: [...filter.shape],
      };
      const inputs = kernel === "Conv2DBackpropFilter" ? { x, dy } : { dy, filter };
      const reference = await runKernel(tf, "cpu", kernel, inputs, options);
      expect(distance(await runKernel(tf, "wasm", kernel, inputs, options), reference)).to.be.below(5 * ROUNDING);
    });
  }

  it("max pooling: gives a tie to the first of the largest values", async () => {
    const input = { shape: [1, 2, 2, 1], values: Float32Array.of(3, 3, 3, 3) };
    const one = { shape: [1, 1, 1, 1], values: Float32Array.of(5) };
    const result = await runKernel(
      tf,
      "wasm",
      "MaxPoolGrad",
      { dy: one, input, output: one },
      { filterSize: 2, strides: 2, pad: "valid" },
    );
    expect([...result.values]).to.deep.equal([5, 0, 0, 0]);
  });

  it("leave no memory of their own behind", async () => {
    await tf.setBackend("wasm");
    const countBefore = tf.engine().backend.numDataIds();
    const random = seededRandom(4);
    for (const make of Object.values(MAKERS)) {
      const { forward, inputs, attributes, gradient } = make(random);
      const output = await runKernel(tf, "wasm", forward, inputs, attributes);
      await runKernel(tf, "wasm", ...gradient(output, randomValues(random, ...output.shape)));
    }
    expect(tf.engine().backend.numDataIds()).to.equal(countBefore);
  });
});
