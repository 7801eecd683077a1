import { expect } from "chai";
import fc from "fast-check";

import { isNearClone, jaccardOfErrors, leadersOf, type NearCloneRule } from "../../../trainer/scoring/near-clones.ts";

const labels = (...values: number[]) => Uint16Array.from(values);
const share = (numerator: number, denominator: number) => ({
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
});
const from = (numerator: number, denominator: number, leastErrors = 1) => ({
  theta: share(numerator, denominator),
  leastErrors,
});
const HALF = from(1, 2);

describe("similarity of errors", () => {
  const right = labels(0, 0, 0, 0, 0);

  for (const [name, a, b, expected] of [
    ["counts what both get wrong alike", labels(1, 1, 0, 0, 0), labels(1, 0, 1, 0, 0), share(1, 3)],
    [
      "counts what both get wrong differently as unlike, once",
      labels(1, 1, 0, 0, 0),
      labels(1, 2, 0, 0, 0),
      share(1, 2),
    ],
    ["is 1 of equal errors", labels(1, 2, 3, 0, 0), labels(1, 2, 3, 0, 0), share(3, 3)],
    ["is 0 without a common error", labels(1, 0, 0, 0, 0), labels(0, 1, 0, 0, 0), share(0, 2)],
    ["is 0 where one is never wrong", labels(0, 0, 0, 0, 0), labels(1, 2, 3, 0, 0), share(0, 3)],
    ["is 0 where nobody is wrong", right, right, share(0, 1)],
  ] as const) {
    it(name, () => expect(jaccardOfErrors(a, b, right)).to.deep.equal(expected));
  }

  it("is 0 of no samples", () => expect(jaccardOfErrors(labels(), labels(), labels())).to.deep.equal(share(0, 1)));

  it("refuses predictions of other samples", () => {
    expect(() => jaccardOfErrors(labels(1), right, right)).to.throw(RangeError);
    expect(() => jaccardOfErrors(right, labels(1), right)).to.throw(RangeError);
  });

  const vector = fc.uint8Array({ minLength: 6, maxLength: 6, max: 2 }).map((values) => Uint16Array.from(values));

  it("equals the share of (sample, label) pairs that two sets of errors have in common", () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, reference) => {
        const { numerator, denominator } = jaccardOfErrors(a, b, reference);
        expect([numerator, denominator]).to.deep.equal(bySets(a, b, reference));
        expect(jaccardOfErrors(b, a, reference)).to.deep.equal({ numerator, denominator });
      }),
      { numRuns: 500 },
    );
  });

  it("is 1 minus a distance: two that resemble a third resemble each other", () => {
    fc.assert(
      fc.property(vector, vector, vector, vector, (a, hub, b, reference) => {
        const number = (one: Uint16Array, other: Uint16Array) => {
          const { numerator, denominator } = jaccardOfErrors(one, other, reference);
          return Number(numerator) / Number(denominator);
        };
        expect(number(a, b)).to.be.at.least(number(a, hub) + number(hub, b) - 1 - 1e-9);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** An independent model: errors as sets of strings. */
function bySets(a: Uint16Array, b: Uint16Array, reference: Uint16Array): [bigint, bigint] {
  const errors = (own: Uint16Array) =>
    new Set([...own].flatMap((value, at) => (value === reference[at] ? [] : [`${at}/${value}`])));
  const [first, second] = [errors(a), errors(b)];
  const samples = new Set([...first, ...second].map((error) => error.split("/")[0]));
  return [BigInt([...first].filter((error) => second.has(error)).length), BigInt(samples.size || 1)];
}

describe("near-clones", () => {
  const reference = labels(0, 0, 0, 0);
  const [a, b, c] = [labels(1, 1, 0, 0), labels(1, 1, 1, 0), labels(0, 0, 1, 1)];

  it("refuse an invalid theta, and an order that is not of the same updates", () => {
    for (const rule of [from(0, 1), from(-1, 2), from(2, 1), from(1, -1), from(1, 2, 0), from(1, 2, 1.5)]) {
      expect(() => leadersOf({ predictions: [a], reference, order: [0], rule })).to.throw(RangeError);
    }
    expect(() => leadersOf({ predictions: [a, b], reference, order: [0], rule: HALF })).to.throw(RangeError);
  });

  it("follow the earlier", () => {
    expect(leadersOf({ predictions: [a, b, c], reference, order: [0, 1, 2], rule: HALF })).to.deep.equal([0, 0, 2]);
  });

  it("follow the order of commitments, not that of the list", () => {
    expect(leadersOf({ predictions: [a, b, c], reference, order: [2, 1, 0], rule: HALF })).to.deep.equal([1, 1, 2]);
  });

  it("follow the earliest of several, not the most alike and not the next", () => {
    const twin = labels(1, 1, 1, 0);
    const request = { predictions: [twin, b, a], reference, rule: HALF };
    expect(leadersOf({ ...request, order: [2, 1, 0] })).to.deep.equal([2, 2, 2]);
    expect(leadersOf({ ...request, order: [1, 0, 2] })).to.deep.equal([1, 1, 1]);
  });

  it("begin at theta itself", () => {
    const request = { predictions: [a, b], reference, order: [0, 1] };
    expect(leadersOf({ ...request, rule: from(2, 3) })).to.deep.equal([0, 0]);
    expect(leadersOf({ ...request, rule: from(2_000_000_001, 3_000_000_000) })).to.deep.equal([0, 1]);
  });

  it("begin at theta exactly where floating point misses it", () => {
    // In floats, 0.07 x 100 is 7.000000000000001, which would reject 7 of 100.
    expect(isNearClone(share(7, 100), from(7, 100))).to.equal(true);
    expect(isNearClone(share(2 ** 53 - 1, 2 ** 53), from(2 ** 53 - 1, 2 ** 53))).to.equal(true);
    expect(isNearClone(share(2 ** 53 - 2, 2 ** 53), from(2 ** 53 - 1, 2 ** 53))).to.equal(false);
  });

  it("need a minimum number of errors", () => {
    // Three samples are wrong in at least one update; in two of them both have the same wrong label.
    const request = { predictions: [a, b], reference, order: [0, 1] };
    expect(leadersOf({ ...request, rule: from(1, 2, 3) })).to.deep.equal([0, 0]);
    expect(leadersOf({ ...request, rule: from(1, 2, 4) })).to.deep.equal([0, 1]);
  });

  it("do not exist without errors", () => {
    const flawless = { predictions: [reference, reference], reference, order: [0, 1], rule: from(1, 1_000) };
    expect(leadersOf(flawless)).to.deep.equal([0, 1]);
  });

  it("neither lead nor follow without predictions", () => {
    const predictions = [undefined, a, undefined, b];
    expect(leadersOf({ predictions, reference, order: [0, 1, 2, 3], rule: HALF })).to.deep.equal([0, 1, 2, 1]);
  });

  it("equal a brute-force model on random rounds", () => {
    const round = fc.integer({ min: 1, max: 8 }).chain((count) =>
      fc.record({
        predictions: fc.array(
          fc.option(
            fc.uint8Array({ minLength: 6, maxLength: 6, max: 2 }).map((values) => Uint16Array.from(values)),
            { nil: undefined, freq: 8 },
          ),
          { minLength: count, maxLength: count },
        ),
        order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
        rule: fc
          .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
          .map(([sixths, errors]) => from(sixths, 6, errors)),
      }),
    );
    const zeros = new Uint16Array(6);
    fc.assert(
      fc.property(round, ({ predictions, order, rule }) => {
        expect(leadersOf({ predictions, reference: zeros, order, rule })).to.deep.equal(
          predictions.map((_, index) => byBruteForce(predictions, zeros, order, rule, index)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

/** An independent model: scans updates one by one in the order of commitments. */
function byBruteForce(
  predictions: readonly (Uint16Array | undefined)[],
  reference: Uint16Array,
  order: readonly number[],
  { theta, leastErrors }: NearCloneRule,
  index: number,
): number {
  const own = predictions[index];
  for (let place = 0; place < order.length; place++) {
    const other = order.indexOf(place);
    const theirs = predictions[other];
    if (other === index) return index;
    if (own === undefined || theirs === undefined) continue;
    const [shared, union] = bySets(own, theirs, reference);
    if (union < leastErrors) continue;
    if (shared * theta.denominator - union * theta.numerator >= 0n) return other;
  }
  return index;
}
