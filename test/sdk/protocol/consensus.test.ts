import { expect } from "chai";
import fc from "fast-check";

import {
  FULL_AGREEMENT,
  agreement,
  isInBand,
  isProof,
  isSilenceSlashed,
  isVoid,
  quorum,
  verdictOf,
  type VerdictRule,
} from "@commonweight/sdk/protocol/consensus";
import { INVALID, MAX_SCORE, MIN_SCORE, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";

const numeric = fc.integer({ min: MIN_SCORE, max: MAX_SCORE });
const anyScore = fc.oneof(numeric, fc.constantFrom(INVALID, UNAVAILABLE));
const anyScores = fc.array(anyScore, { minLength: 1, maxLength: 31 });
const tolerances = fc
  .tuple(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 0, max: 2_000 }))
  .map(([tolerance, more]) => [tolerance, tolerance + more] as const);

const rules = fc
  .record({ absent: fc.integer({ min: 0, max: 5 }), common: fc.boolean(), widths: tolerances })
  .map(({ absent, common, widths: [tolerance, wide] }) => ({
    ...{ absent, common, tolerance, maxTolerance: common ? tolerance : wide },
  }));

/** The rule of a committee with as many seats as scores, and `absent` more. */
function ruleOf(scores: readonly number[], { absent, ...rule }: Omit<VerdictRule, "seats"> & { absent: number }) {
  return { ...rule, seats: scores.length + absent };
}

describe("consensus", () => {
  it("stays within the honest scores while fewer than half of all seats lie", () => {
    const committee = fc
      .array(numeric, { minLength: 1, maxLength: 16 })
      .chain((honest) =>
        fc.record({ honest: fc.constant(honest), lies: fc.array(anyScore, { maxLength: honest.length - 1 }) }),
      );
    fc.assert(
      fc.property(committee, fc.boolean(), ({ honest, lies }, common) => {
        const scores = [...lies, ...honest];
        const rule = { seats: scores.length, tolerance: 50, maxTolerance: 50, common };
        const { median, decided } = verdictOf(scores, rule);
        if (!decided) return;
        expect(median).to.be.at.least(Math.min(...honest));
        expect(median).to.be.at.most(Math.max(...honest));
      }),
      { numRuns: 2_000 },
    );
  });

  it("decides nothing by half of the seats, whoever is absent", () => {
    const halves = fc.integer({ min: 3, max: 31 }).chain((seats) =>
      fc.record({
        seats: fc.constant(seats),
        liars: fc.integer({ min: 1, max: Math.floor(seats / 2) }),
        absent: fc.integer({ min: 0, max: 2 }),
        lie: anyScore,
      }),
    );
    fc.assert(
      fc.property(halves, ({ seats, liars, absent, lie }) => {
        const honest = Math.max(0, seats - liars - absent);
        const scores = [...Array<number>(liars).fill(lie), ...Array<number>(honest).fill(300)];
        const rule = { seats, tolerance: 1, maxTolerance: 1, common: true };
        const { median, decided } = verdictOf(scores, rule);
        const isTrue = decided && Math.abs(median - 300) <= 1;
        expect(isTrue || !decided, `${seats} seats, ${liars} say ${lie}, ${absent} absent`).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on the order of the scores, and leaves them as they are", () => {
    const orders = anyScores.chain((scores) =>
      fc.tuple(fc.constant(scores), fc.shuffledSubarray(scores, { minLength: scores.length })),
    );
    fc.assert(
      fc.property(orders, rules, ([scores, shuffled], choice) => {
        const copy = [...scores];
        const rule = ruleOf(scores, choice);
        expect(verdictOf(shuffled, rule)).to.deep.equal(verdictOf(scores, rule));
        expect(scores).to.deep.equal(copy);
      }),
    );
  });

  it("keeps the band within its bounds, and has more than half of the seats behind every number and void", () => {
    fc.assert(
      fc.property(anyScores, rules, (scores, choice) => {
        const rule = ruleOf(scores, choice);
        const { tolerance, maxTolerance, common, seats } = rule;
        const verdict = verdictOf(scores, rule);
        if (isVoid(verdict.median)) {
          expect(verdict.band).to.equal(0);
          if (verdict.decided) expect(2 * scores.filter(isVoid).length).to.be.above(seats);
          return;
        }
        expect(verdict.band).to.be.within(tolerance, maxTolerance);
        const numbers = scores.filter((score) => !isVoid(score));
        const behind = common ? numbers.filter((score) => isInBand(score, verdict)) : numbers;
        expect(2 * behind.length).to.be.above(seats);
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

  it("voids an update that more than half of the seats call void, and costs trust only if as many call it invalid", () => {
    const rule = { seats: 3, tolerance: 1, maxTolerance: 1, common: true };
    const undecided = { median: UNAVAILABLE, band: 0, decided: false };
    expect(verdictOf([INVALID, UNAVAILABLE, 5], rule)).to.deep.equal({ ...undecided, decided: true });
    expect(verdictOf([INVALID, INVALID, 5], rule)).to.deep.equal({ median: INVALID, band: 0, decided: true });
    expect(verdictOf([INVALID, 5, 5], rule)).to.deep.equal({ median: 5, band: 1, decided: true });
    expect(verdictOf([5, 5], { ...rule, seats: 4 })).to.deep.equal(undecided);
    expect(verdictOf([5, 7, 9], rule)).to.deep.equal(undecided);
    expect(verdictOf([5, 7, 9], { ...rule, common: false, maxTolerance: 8 })).to.include({ median: 7, decided: true });
  });

  it("asks two thirds of the seats to reveal, three at the least, and slashes by what two thirds of all say", () => {
    expect([3, 4, 5, 6, 7, 31].map(quorum)).to.deep.equal([3, 3, 4, 4, 5, 21]);
    // A third of the seats deviates: what the others say is proof. One more, and it is not.
    expect([3, 6, 9, 12, 30].map((seats) => isProof(seats - seats / 3, seats))).to.deep.equal(Array(5).fill(true));
    expect([3, 6, 9, 12, 30].map((seats) => isProof(seats - seats / 3 - 1, seats))).to.deep.equal(Array(5).fill(false));
    expect([isProof(2, 4), isProof(3, 4), isProof(4, 7), isProof(5, 7)]).to.deep.equal([false, true, false, true]);
    expect([isSilenceSlashed(3, 6), isSilenceSlashed(4, 6), isSilenceSlashed(4, 7)]).to.deep.equal([false, true, true]);
  });
});
