import { expect } from "chai";
import fc from "fast-check";

import { FULL_AGREEMENT, agreement, isInBand, isVoid, quorum, verdictOf } from "@commonweight/sdk/protocol/consensus";
import { INVALID, MAX_SCORE, MIN_SCORE, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";

const numeric = fc.integer({ min: MIN_SCORE, max: MAX_SCORE });
const anyScore = fc.oneof(numeric, fc.constantFrom(INVALID, UNAVAILABLE));
const anyScores = fc.array(anyScore, { minLength: 1, maxLength: 31 });
const tolerances = fc
  .tuple(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 2_000 }))
  .map(([tolerance, more]) => [tolerance, tolerance + more] as const);

describe("consensus", () => {
  it("stays within the honest scores while fewer than half lie", () => {
    const committee = fc
      .array(numeric, { minLength: 1, maxLength: 16 })
      .chain((honest) =>
        fc.record({ honest: fc.constant(honest), lies: fc.array(anyScore, { maxLength: honest.length - 1 }) }),
      );
    fc.assert(
      fc.property(committee, ({ honest, lies }) => {
        const { median } = verdictOf([...lies, ...honest], 1, 50);
        expect(median).to.be.at.least(Math.min(...honest));
        expect(median).to.be.at.most(Math.max(...honest));
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on the order of the scores, and leaves them as they are", () => {
    const orders = anyScores.chain((scores) =>
      fc.tuple(fc.constant(scores), fc.shuffledSubarray(scores, { minLength: scores.length })),
    );
    fc.assert(
      fc.property(orders, tolerances, ([scores, shuffled], [tolerance, maxTolerance]) => {
        const copy = [...scores];
        expect(verdictOf(shuffled, tolerance, maxTolerance)).to.deep.equal(verdictOf(scores, tolerance, maxTolerance));
        expect(scores).to.deep.equal(copy);
      }),
    );
  });

  it("keeps the band within its bounds, and at least half of the numbers in a band that is not cut", () => {
    fc.assert(
      fc.property(anyScores, tolerances, (scores, [tolerance, maxTolerance]) => {
        const verdict = verdictOf(scores, tolerance, maxTolerance);
        const cut = isVoid(verdict.median) ? 0 : maxTolerance;
        expect(verdict.band).to.be.within(Math.min(tolerance, cut), cut);
        if (verdict.band === cut) return;
        const numbers = scores.filter((score) => !isVoid(score));
        const inBand = numbers.filter((score) => isInBand(score, verdict));
        expect(2 * inBand.length).to.be.at.least(numbers.length);
      }),
    );
  });

  it("agrees fully with itself, less with distance, and not at all outside of the band", () => {
    fc.assert(
      fc.property(numeric, numeric, numeric, fc.integer({ min: 1, max: 2_000 }), (median, a, b, band) => {
        const [near, far] = Math.abs(a - median) <= Math.abs(b - median) ? [a, b] : [b, a];
        const verdict = { median, band };
        expect(agreement(median, verdict)).to.equal(FULL_AGREEMENT);
        expect(agreement(near, verdict)).to.be.at.least(agreement(far, verdict));
        if (!isInBand(far, verdict)) expect(agreement(far, verdict)).to.equal(0);
      }),
    );
  });

  it("voids an update that most call void, and asks two thirds of the seats to reveal, three at the least", () => {
    expect(verdictOf([INVALID, UNAVAILABLE, 5], 1, 50)).to.deep.equal({ median: UNAVAILABLE, band: 0 });
    expect(verdictOf([INVALID, 5, 5], 1, 50)).to.deep.equal({ median: 5, band: 1 });
    expect([3, 4, 5, 6, 7, 31].map(quorum)).to.deep.equal([3, 3, 4, 4, 5, 21]);
  });
});
