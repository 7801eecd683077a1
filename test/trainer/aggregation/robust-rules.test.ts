import { expect } from "chai";
import fc from "fast-check";

import { directionOf, type AggregationRule } from "../../../trainer/aggregation/direction.ts";
import { squaredDistances } from "../../../trainer/aggregation/vectors/squared-distances.ts";
import { refusalOf } from "../../helpers/refusals.ts";

type Vectors = readonly Float32Array[];
type Rule<Kind extends AggregationRule["kind"]> = Extract<AggregationRule, { kind: Kind }>;

// Independent models: written from the definitions, column by column, without code of `trainer/aggregation`.

const lengthOf = (updates: Vectors) => updates[0]!.length;
const columns = (updates: Vectors) =>
  Array.from({ length: lengthOf(updates) }, (_, at) => updates.map((update) => update[at]!));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const square = (value: number) => value * value;
const squaredDistance = (a: Float32Array, b: Float32Array) => sum([...a].map((value, at) => square(value - b[at]!)));
const average = (updates: Vectors) => columns(updates).map((column) => sum(column) / updates.length);

function medianByRank(updates: Vectors): number[] {
  return columns(updates).map((column) => {
    const below = (value: number) => column.filter((other) => other < value).length;
    const through = (value: number) => column.filter((other) => other <= value).length;
    const ranked = (rank: number) => column.find((value) => below(value) <= rank && rank < through(value))!;
    const half = column.length / 2;
    return (ranked(Math.ceil(half) - 1) + ranked(Math.floor(half))) / 2;
  });
}

function trimmedByRemoval(updates: Vectors, trim: number): number[] {
  return columns(updates).map((column) => {
    const left = [...column];
    for (let step = 0; step < trim && left.length > 2; step++) {
      left.splice(left.indexOf(Math.min(...left)), 1);
      left.splice(left.indexOf(Math.max(...left)), 1);
    }
    return sum(left) / left.length;
  });
}

/** The indices that Multi-Krum averages. */
function krumChoice(updates: Vectors, { faulty, selected }: Rule<"multi-krum">): readonly number[] {
  const count = updates.length;
  let f = faulty;
  while (count <= 2 * f + 2 && f > 0) f--;
  if (count < 3) return updates.map((_, index) => index);
  const score = (own: number) => {
    const others = updates.flatMap((other, index) => (index === own ? [] : [squaredDistance(other, updates[own]!)]));
    return sum(others.toSorted((a, b) => a - b).slice(0, count - f - 2));
  };
  const scores = updates.map((_, index) => score(index));
  const taken: number[] = [];
  while (taken.length < Math.min(selected, count - f)) {
    const rest = scores.map((value, index) => (taken.includes(index) ? Infinity : value));
    taken.push(rest.indexOf(Math.min(...rest)));
  }
  return taken;
}

function clippedAroundCentre(updates: Vectors, { radius, iterations }: Rule<"centred-clip">): number[] {
  let centre: number[] = Array(lengthOf(updates)).fill(0);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const pulls = updates.map((update) => {
      const away = centre.map((middle, at) => update[at]! - middle);
      const far = Math.hypot(...away);
      return away.map((value) => value * Math.min(1, radius / far || 1));
    });
    centre = centre.map((middle, at) => middle + sum(pulls.map((pull) => pull[at]!)) / updates.length);
  }
  return centre;
}

function expectClose(actual: Float64Array, expected: readonly number[]): void {
  expect(actual.length).to.equal(expected.length);
  actual.forEach((value, at) => expect(value).to.be.closeTo(expected[at]!, 1e-9 * (1 + Math.abs(expected[at]!))));
}

const value = fc.oneof(fc.float({ min: -100, max: 100, noNaN: true }), fc.constantFrom(0, -0, 1, -1, 1e-30));
const vectors = fc
  .record({ count: fc.integer({ min: 1, max: 13 }), length: fc.integer({ min: 1, max: 8 }) })
  .chain(({ count, length }) =>
    fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: count, maxLength: count }),
  )
  .map((rows) => rows.map((row) => Float32Array.from(row)));
const runs = { numRuns: 1_000 };

/** Five honest updates around 1, and a liar's. */
const honest = [1, 1.1, 0.9, 1.05, 0.95].map((one) => Float32Array.of(one, -one));
const liar = Float32Array.of(1e6, 1e6);

describe("aggregation by gain", () => {
  it("weighs by the scores above 0", () => {
    const updates = [Float32Array.of(1, 0), Float32Array.of(5, 8), Float32Array.of(100, 100)];
    expect([...directionOf(updates, { kind: "gain", scores: [30, 10, -7] })]).to.deep.equal([2, 2]);
  });

  it("is zero if no update has a score above 0", () => {
    expect([...directionOf([liar, liar], { kind: "gain", scores: [0, -32_766] })]).to.deep.equal([0, 0]);
  });

  it("is the mean repeated by score", () => {
    const property = fc.property(
      vectors,
      fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 13 }),
      (all, drawn) => {
        const scores = all.map((_, index) => drawn[index]!);
        const repeated = all.flatMap((update, index) => Array<Float32Array>(Math.max(0, scores[index]!)).fill(update));
        const expected = repeated.length === 0 ? [...all[0]!].map(() => 0) : average(repeated);
        expectClose(directionOf(all, { kind: "gain", scores }), expected);
      },
    );
    fc.assert(property, runs);
  });

  it("requires one integer score per update", async () => {
    for (const scores of [[], [1, 2], [0.5], [Number.NaN]]) {
      expect(await refusalOf(() => directionOf([liar], { kind: "gain", scores }))).to.equal("AGGREGATE_SCORES");
    }
  });
});

describe("aggregation by the median", () => {
  it("takes the middle value, of an even number the mean of the middle two", () => {
    const updates = [3, 1, 100, 2].map((one) => Float32Array.of(one));
    expect([...directionOf(updates, { kind: "median" })]).to.deep.equal([2.5]);
    expect([...directionOf(updates.slice(0, 3), { kind: "median" })]).to.deep.equal([3]);
    expect([...directionOf(updates.slice(0, 1), { kind: "median" })]).to.deep.equal([3]);
  });

  it("agrees with a model that ranks, for every number of updates", () => {
    fc.assert(
      fc.property(vectors, (all) => expectClose(directionOf(all, { kind: "median" }), medianByRank(all))),
      runs,
    );
  });
});

describe("aggregation by the trimmed mean", () => {
  it("leaves out equally many at both ends, and always keeps one", () => {
    const updates = [5, 1, 100, 2, -100].map((one) => Float32Array.of(one));
    const trimmed = (trim: number) => directionOf(updates, { kind: "trimmed-mean", trim })[0]!;
    expect(trimmed(0)).to.equal(1.6);
    expect(trimmed(1)).to.be.closeTo(8 / 3, 1e-12);
    expect([trimmed(2), trimmed(3), trimmed(31)]).to.deep.equal([2, 2, 2]);
  });

  it("agrees with a model that removes extremes one by one, whatever is to be trimmed", () => {
    const property = fc.property(vectors, fc.integer({ min: 0, max: 8 }), (all, trim) => {
      expectClose(directionOf(all, { kind: "trimmed-mean", trim }), trimmedByRemoval(all, trim));
    });
    fc.assert(property, runs);
  });
});

describe("aggregation by Multi-Krum", () => {
  const krum = (updates: Vectors, faulty: number, selected: number) =>
    directionOf(updates, { kind: "multi-krum", faulty, selected });

  it("averages the updates nearest to the others, the earlier of equals first", () => {
    const updates = [0, 4, 1, 2, 9].map((one) => Float32Array.of(one));
    // n = 5, f = 1, two neighbours each: 1 + 4, 4 + 9, 1 + 1, 1 + 4, 25 + 49.
    expect([...krum(updates, 1, 1)]).to.deep.equal([1]);
    expect([...krum(updates, 1, 2)]).to.deep.equal([0.5]);
    expect([...krum(updates, 1, 3)]).to.deep.equal([1]);
  });

  it("sums distances from the first value to the last, to the bit, beyond one block and four updates", () => {
    const updates = Array.from({ length: 10 }, (_, own) =>
      Float32Array.from({ length: 2_500 }, (_, at) => ((at * 7_919 + own * 104_729) % 1_000) / 7),
    );
    const expected = updates.map((a) => updates.map((b) => squaredDistance(a, b)));
    expect(squaredDistances(updates).map((row) => [...row])).to.deep.equal(expected);
    expect(squaredDistances([])).to.deep.equal([]);
  });

  it("shrinks f to what the updates allow, and m to what f leaves", () => {
    const updates = [0, 4, 1, 2, 9].map((one) => Float32Array.of(one));
    expect(krum(updates, 31, 1)).to.deep.equal(krum(updates, 1, 1));
    expect([...krum(updates, 1, 64)]).to.deep.equal([7 / 4]);
    expect([...krum(updates, 0, 64)]).to.deep.equal([16 / 5]);
    expect([...krum(updates.slice(0, 3), 1, 3)]).to.deep.equal([5 / 3]);
    expect([...krum(updates.slice(0, 2), 1, 1)]).to.deep.equal([2]);
    expect([...krum(updates.slice(0, 1), 1, 1)]).to.deep.equal([0]);
  });

  it("agrees with a model by definition, whatever f, m and the number of updates", () => {
    const options = fc.record({ faulty: fc.integer({ min: 0, max: 6 }), selected: fc.integer({ min: 1, max: 14 }) });
    const property = fc.property(vectors, options, (all, { faulty, selected }) => {
      const rule = { kind: "multi-krum", faulty, selected } as const;
      const chosen = krumChoice(all, rule).map((index) => all[index]!);
      expectClose(directionOf(all, rule), average(chosen));
    });
    fc.assert(property, runs);
  });
});

describe("aggregation by centred clipping", () => {
  it("pulls the centre from 0 no farther than the radius", () => {
    const updates = [Float32Array.of(3, 4), Float32Array.of(0, 1)];
    const rule = { kind: "centred-clip", radius: 1 } as const;
    expectClose(directionOf(updates, { ...rule, iterations: 1 }), [0.3, 0.9]);
    expectClose(directionOf(updates, { ...rule, radius: 5, iterations: 1 }), [1.5, 2.5]);
    expect([...directionOf([liar.map(() => 0)], { ...rule, iterations: 3 })]).to.deep.equal([0, 0]);
  });

  it("agrees with a model by definition", () => {
    const options = fc.record({
      radius: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      iterations: fc.integer({ min: 1, max: 5 }),
    });
    const property = fc.property(vectors, options, (all, { radius, iterations }) => {
      const rule = { kind: "centred-clip", radius, iterations } as const;
      expectClose(directionOf(all, rule), clippedAroundCentre(all, rule));
    });
    fc.assert(property, runs);
  });
});

describe("the robust rules", () => {
  const rules: readonly AggregationRule[] = [
    { kind: "median" },
    { kind: "trimmed-mean", trim: 2 },
    { kind: "multi-krum", faulty: 2, selected: 3 },
    { kind: "centred-clip", radius: 0.5, iterations: 10 },
  ];

  for (const rule of rules) {
    it(`are not led away by two liars of seven: ${rule.kind}`, () => {
      for (const lie of [liar, liar.map((one) => -one)]) {
        const [x, y] = directionOf([lie, ...honest, lie], rule);
        expect(x).to.be.closeTo(1, 0.5);
        expect(y).to.be.closeTo(-1, 0.5);
      }
    });

    it(`return a single update unchanged: ${rule.kind}`, () => {
      const near = { ...rule, radius: 100 } as AggregationRule;
      expect([...directionOf([Float32Array.of(1, -2, 0.5)], near)]).to.deep.equal([1, -2, 0.5]);
    });
  }

  it("by columns do not depend on the order of the updates, to the bit, zeros of either sign too", () => {
    const property = fc.property(vectors, (all) => {
      for (const rule of rules.slice(0, 2)) {
        const turned = directionOf(all.toReversed(), rule);
        directionOf(all, rule).forEach((one, at) => expect(Object.is(one, turned[at])).to.equal(true));
      }
    });
    fc.assert(property, runs);
  });
});
