import { expect } from "chai";
import fc from "fast-check";

import { pluralityOf, shareWeights } from "@commonweight/sdk/protocol/clusters";

/** Updates in few clusters, so that large clusters occur. */
const updates = fc.array(fc.record({ weight: fc.bigInt({ min: 0n, max: 65_534n }), label: fc.nat(5) }), {
  maxLength: 64,
});

describe("clusters", () => {
  it("are what most seats name", () => {
    expect(pluralityOf([4], 9)).to.equal(4);
    expect(pluralityOf([0, 3, 3], 5)).to.equal(3);
    expect(pluralityOf([3, 3, 0, 0, 0], 5)).to.equal(0);
    // A plurality, not a majority.
    expect(pluralityOf([1, 2, 2, 3, 4], 5)).to.equal(2);
  });

  it("leave an update its own where two are named as often", () => {
    expect(pluralityOf([0, 1], 5)).to.equal(5);
    expect(pluralityOf([0, 1, 5, 0, 1], 5)).to.equal(5);
    expect(pluralityOf([0, 1, 2], 5)).to.equal(5);
    expect(pluralityOf([0, 5], 5)).to.equal(5);
  });

  it("do not depend on the order of the seats", () => {
    const reports = fc.array(fc.nat(4), { minLength: 1, maxLength: 31 });
    const orders = reports.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(orders, fc.nat(6), ([list, shuffled], own) => {
        expect(pluralityOf(shuffled, own)).to.equal(pluralityOf(list, own));
      }),
    );
  });

  it("leave the weight of an update that is nobody's clone", () => {
    expect(shareWeights([10n, 0n, 7n], [0, 1, 2])).to.deep.equal([640n, 0n, 448n]);
  });

  it("pay a model that is handed in twice once, and let a worse clone take its part alone", () => {
    expect(shareWeights([10n, 10n, 7n], [0, 0, 2])).to.deep.equal([320n, 320n, 448n]);
    expect(shareWeights([30n, 7n, 10n], [0, 1, 0])).to.deep.equal([1440n, 448n, 480n]);
    expect(shareWeights([10n, 0n], [0, 0])).to.deep.equal([640n, 0n]);
    expect(shareWeights([0n, 0n], [0, 0])).to.deep.equal([0n, 0n]);
    // Under equal pay every weight is 1; shared weights must still be above 0.
    expect(shareWeights([1n, 1n, 1n], [0, 0, 0])).to.deep.equal([21n, 21n, 21n]);
  });

  it("together weigh what their best weighs, but for rounding; no member gains, and none is left with nothing", () => {
    fc.assert(
      fc.property(updates, (list) => {
        const [given, labels] = [list.map(({ weight }) => weight), list.map(({ label }) => label)];
        const shared = shareWeights(given, labels);
        const weights = given.map((weight) => weight * 64n);
        expect(shared.every((weight, index) => weight <= (weights[index] ?? 0n))).to.equal(true);
        expect(shared.map((weight) => weight > 0n)).to.deep.equal(weights.map((weight) => weight > 0n));
        for (const label of new Set(labels)) {
          const places = [...labels.keys()].filter((index) => labels[index] === label);
          const total = places.reduce((sum, index) => sum + (shared[index] ?? 0n), 0n);
          const best = Math.max(...places.map((index) => Number(weights[index])));
          expect(Number(total)).to.be.at.most(best);
          expect(Number(total)).to.be.above(best - places.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
