import { expect } from "chai";

import { aggregationSpec, serverOptimizerSpec, updateSpec } from "@commonweight/sdk/spec/aggregation-spec";

describe("how a job merges updates", () => {
  const refused: Record<string, readonly object[]> = {
    "a rule that is not known": [{ rule: "mean" }, {}, { rule: "none" }],
    "another rule's parameters": [
      { rule: "fedavg", trim: 1 },
      { rule: "median", faulty: 1 },
      { rule: "trimmed-mean", radius: 1 },
    ],
    "a trim beyond half of all updates": [
      { rule: "trimmed-mean", trim: 32 },
      { rule: "trimmed-mean", trim: -1 },
      { rule: "trimmed-mean", trim: 0.5 },
    ],
    "f and m out of range": [
      { rule: "multi-krum", faulty: 32 },
      { rule: "multi-krum", faulty: -1 },
      { rule: "multi-krum", selected: 0 },
      { rule: "multi-krum", selected: 65 },
    ],
    "a radius of nothing, and too much work": [
      { rule: "centred-clip", radius: 0 },
      { rule: "centred-clip", radius: Infinity },
      { rule: "centred-clip", radius: Number.NaN },
      { rule: "centred-clip", iterations: 0 },
      { rule: "centred-clip", iterations: 21 },
    ],
  };
  for (const [name, specs] of Object.entries(refused)) {
    it(`is refused with ${name}`, () => {
      for (const spec of specs) expect(aggregationSpec.safeParse(spec).success, JSON.stringify(spec)).to.equal(false);
    });
  }
  it("has defaults", () => {
    expect(aggregationSpec.parse({ rule: "trimmed-mean" })).to.deep.equal({ rule: "trimmed-mean", trim: 1 });
    expect(aggregationSpec.parse({ rule: "multi-krum" })).to.deep.equal({ rule: "multi-krum", faulty: 1, selected: 1 });
    expect(aggregationSpec.parse({ rule: "centred-clip" })).to.deep.equal({
      rule: "centred-clip",
      radius: 1,
      iterations: 3,
    });
  });
});

describe("a job's server optimiser", () => {
  const refused: readonly object[] = [
    {},
    { kind: "sgd" },
    { kind: "none", learningRate: 1 },
    { kind: "momentum", beta1: 0.9 },
    { kind: "momentum", momentum: 1 },
    { kind: "nesterov", momentum: -0.1 },
    { kind: "nesterov", learningRate: 0 },
    { kind: "nesterov", learningRate: 11 },
    { kind: "adam", beta1: 1 },
    { kind: "adam", beta2: 1 },
    { kind: "adam", tau: 0 },
    { kind: "yogi", tau: 2 },
    { kind: "yogi", learningRate: Number.NaN },
  ];
  for (const spec of refused) {
    it(`is refused as ${JSON.stringify(spec)}`, () =>
      expect(serverOptimizerSpec.safeParse(spec).success).to.equal(false));
  }
  it("has the papers' parameters unless told", () => {
    const adaptive = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, tau: 0.001 };
    expect(serverOptimizerSpec.parse({ kind: "momentum" })).to.deep.include({ learningRate: 1, momentum: 0.9 });
    expect(serverOptimizerSpec.parse({ kind: "nesterov" })).to.deep.include({ learningRate: 0.7, momentum: 0.9 });
    expect(serverOptimizerSpec.parse({ kind: "adam" })).to.deep.include(adaptive);
    expect(serverOptimizerSpec.parse({ kind: "yogi" })).to.deep.include(adaptive);
  });
});

describe("which updates a job takes", () => {
  it("is refused with a staleness out of range", () => {
    for (const maxStaleness of [-1, 0.5, 101]) expect(updateSpec.safeParse({ maxStaleness }).success).to.equal(false);
  });
  it("are fresh ones, clipped, unless told", () => {
    expect(updateSpec.parse({})).to.deep.equal({ clip: "median-norm", maxStaleness: 0 });
  });
});
