import { expect } from "chai";
import fc from "fast-check";

import { serverOptimizerSpec, type ServerOptimizerSpec } from "@commonweight/sdk/spec/aggregation-spec";
import type { TensorLayout } from "../../../trainer/model/model-layout.ts";
import { initialState, stateFrom, stateLayout, valuesOf, type ModelState } from "../../../trainer/model/model-state.ts";
import { serverStep } from "../../../trainer/aggregation/server-step.ts";
import { refusalOf } from "../../helpers/refusals.ts";

const layoutOf = (size: number): readonly TensorLayout[] => [{ name: "layer0.kernel", shape: [size], offset: 0, size }];

/** One weight and its optimiser state; rounded to float32, as in the model file. */
interface Scalar {
  readonly w: number;
  readonly m: number;
  readonly v: number;
  readonly t: number;
}

/** An independent model for one weight, from the papers' formulas. */
function scalarStep({ w, m, v, t }: Scalar, direction: number, spec: ServerOptimizerSpec): Scalar {
  const g = -direction;
  const squared = direction * direction;
  const kept = (next: Partial<Scalar>): Scalar => ({
    w: Math.fround(next.w ?? w),
    m: Math.fround(next.m ?? 0),
    v: Math.fround(next.v ?? 0),
    t: t + 1,
  });
  switch (spec.kind) {
    case "none":
      return kept({ w: w - g });
    case "momentum": {
      const buffer = spec.momentum * m + direction;
      return kept({ w: w - spec.learningRate * -buffer, m: buffer });
    }
    case "nesterov": {
      const buffer = spec.momentum * m + direction;
      return kept({ w: w - spec.learningRate * (g - spec.momentum * buffer), m: buffer });
    }
    case "adam": {
      const mean = spec.beta1 * m + (1 - spec.beta1) * direction;
      const square = spec.beta2 * v + (1 - spec.beta2) * squared;
      const correction = Math.sqrt(1 - spec.beta2 ** (t + 1)) / (1 - spec.beta1 ** (t + 1));
      return kept({
        w: w + (spec.learningRate * correction * mean) / (Math.sqrt(square) + spec.tau),
        m: mean,
        v: square,
      });
    }
    case "yogi": {
      const mean = spec.beta1 * m + (1 - spec.beta1) * direction;
      const change = (1 - spec.beta2) * squared;
      const square = v > squared ? v - change : v + (v < squared ? change : 0);
      return kept({ w: w + (spec.learningRate * mean) / (Math.sqrt(square) + spec.tau), m: mean, v: square });
    }
  }
}

const KINDS = ["none", "momentum", "nesterov", "adam", "yogi"] as const;
const usual = (kind: ServerOptimizerSpec["kind"]) => serverOptimizerSpec.parse({ kind });
const decay = fc.double({ min: 0, max: 0.999, noNaN: true });
const rate = fc.double({ min: 1e-3, max: 2, noNaN: true });
const specs: Record<ServerOptimizerSpec["kind"], fc.Arbitrary<ServerOptimizerSpec>> = {
  none: fc.constant({ kind: "none" }),
  momentum: fc.record({ kind: fc.constant("momentum" as const), learningRate: rate, momentum: decay }),
  nesterov: fc.record({ kind: fc.constant("nesterov" as const), learningRate: rate, momentum: decay }),
  adam: fc.record({
    kind: fc.constant("adam" as const),
    learningRate: rate,
    beta1: decay,
    beta2: decay,
    tau: fc.constantFrom(1e-9, 1e-3, 1),
  }),
  yogi: fc.record({
    kind: fc.constant("yogi" as const),
    learningRate: rate,
    beta1: decay,
    beta2: decay,
    tau: fc.constantFrom(1e-9, 1e-3, 1),
  }),
};
const one = fc.oneof(fc.float({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1e-6));

/** Runs all steps, with model and state written to and read from a file after each, as workers do. */
function play(spec: ServerOptimizerSpec, weights: Float32Array, directions: readonly Float64Array[]): ModelState {
  const layout = layoutOf(weights.length);
  return directions.reduce(
    (model, direction) => stateFrom(valuesOf(serverStep(model, direction, spec)), layout),
    initialState(weights, layout, spec),
  );
}

describe("the server's optimisers", () => {
  it("refuse a direction of another length", async () => {
    const model = initialState(new Float32Array(2), layoutOf(2), { kind: "none" });
    expect(await refusalOf(() => serverStep(model, new Float64Array(3), { kind: "none" }))).to.equal(
      "AGGREGATE_LENGTH",
    );
  });

  for (const kind of KINDS) {
    it(`refuse a step that does not fit float32: ${kind}`, async () => {
      const model = initialState(Float32Array.of(3e38), layoutOf(1), usual(kind));
      const huge = Float64Array.of(kind === "none" ? 3e38 : 1e39);
      expect(await refusalOf(() => serverStep(model, huge, usual(kind)))).to.equal("AGGREGATE_NOT_FINITE");
      const broken = { ...model, weights: Float32Array.of(Number.NaN) };
      expect(await refusalOf(() => serverStep(broken, Float64Array.of(0), usual(kind)))).to.equal(
        "AGGREGATE_NOT_FINITE",
      );
    });

    it(`agree with a scalar model over several rounds, the state coming from the file: ${kind}`, () => {
      const problem = fc.record({
        spec: specs[kind],
        start: fc.array(one, { minLength: 3, maxLength: 3 }),
        rounds: fc.array(fc.array(one, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
      });
      const property = fc.property(problem, ({ spec, start, rounds }) => {
        const played = play(
          spec,
          Float32Array.from(start),
          rounds.map((round) => Float64Array.from(round)),
        );
        for (const at of [0, 1, 2]) {
          const alone = rounds.reduce((model, round) => scalarStep(model, round[at]!, spec), {
            w: Math.fround(start[at]!),
            m: 0,
            v: 0,
            t: 0,
          });
          const close = (actual: number, expected: number) =>
            expect(actual).to.be.closeTo(expected, 3e-6 * (1 + Math.abs(expected)));
          close(played.weights[at]!, alone.w);
          if (played.optimizer.length >= 3) close(played.optimizer[at]!, alone.m);
          if (played.optimizer.length >= 6) close(played.optimizer[3 + at]!, alone.v);
          if (played.optimizer.length === 7) expect(played.optimizer[6]).to.equal(rounds.length);
        }
      });
      fc.assert(property, { numRuns: 500 });
    });

    it(`leave the model and state that they were given as they are: ${kind}`, () => {
      const model = initialState(Float32Array.of(1, 2), layoutOf(2), usual(kind));
      const before = [...valuesOf(model)];
      serverStep(model, Float64Array.of(1, -1), usual(kind));
      expect([...valuesOf(model)]).to.deep.equal(before);
    });
  }

  it("take the first step that their papers give", () => {
    const first = (spec: ServerOptimizerSpec) => play(spec, Float32Array.of(1), [Float64Array.of(0.5)]).weights[0];
    const adaptive = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-9 };
    expect(first({ kind: "none" })).to.equal(1.5);
    expect(first({ kind: "momentum", learningRate: 1, momentum: 0.9 })).to.equal(1.5);
    expect(first({ kind: "nesterov", learningRate: 1, momentum: 0.5 })).to.equal(1.75);
    // With bias correction the first step equals the learning rate, for any size of the direction.
    expect(first({ kind: "adam", ...adaptive })).to.be.closeTo(1.1, 1e-6);
    expect(first({ kind: "yogi", ...adaptive })).to.be.closeTo(1.1, 1e-6);
    expect(first({ kind: "yogi", ...adaptive, beta1: 0.8 })).to.be.closeTo(1.2, 1e-6);
  });

  it("remember: a second round without a direction goes on with momentum alone", () => {
    const rounds = [Float64Array.of(1), Float64Array.of(0)];
    const after = (spec: ServerOptimizerSpec) => play(spec, Float32Array.of(0), rounds).weights[0];
    expect(after({ kind: "none" })).to.equal(1);
    expect(after({ kind: "momentum", learningRate: 1, momentum: 0.5 })).to.equal(1.5);
    expect(after({ kind: "nesterov", learningRate: 1, momentum: 0.5 })).to.equal(1.75);
  });
});

describe("a model's file", () => {
  const layout: readonly TensorLayout[] = [
    { name: "layer0.kernel", shape: [2, 3], offset: 0, size: 6 },
    { name: "layer0.bias", shape: [3], offset: 6, size: 3 },
  ];

  it("names what the optimiser remembers, behind the weights, without gaps", () => {
    const names = (kind: ServerOptimizerSpec["kind"]) => stateLayout(layout, usual(kind)).map(({ name }) => name);
    const [weights, m, v] = [
      ["layer0.kernel", "layer0.bias"],
      ["optimizer.m/layer0.kernel", "optimizer.m/layer0.bias"],
      ["optimizer.v/layer0.kernel", "optimizer.v/layer0.bias"],
    ] as const;
    expect(names("none")).to.deep.equal(weights);
    expect(names("momentum")).to.deep.equal([...weights, ...m]);
    expect(names("nesterov")).to.deep.equal([...weights, ...m]);
    expect(names("yogi")).to.deep.equal([...weights, ...m, ...v]);
    expect(names("adam")).to.deep.equal([...weights, ...m, ...v, "optimizer.step"]);
    for (const kind of KINDS) {
      let end = 0;
      for (const slot of stateLayout(layout, usual(kind))) {
        expect(slot.offset).to.equal(end);
        expect(slot.shape.reduce((size, length) => size * length, 1)).to.equal(slot.size);
        end += slot.size;
      }
      expect(initialState(new Float32Array(9), layout, usual(kind)).optimizer).to.have.lengthOf(end - 9);
    }
  });
});
