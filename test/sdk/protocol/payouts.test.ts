import { expect } from "chai";
import fc from "fast-check";

import { addShares, deviationSlash, earnedAt, shareOf, weightOf } from "@commonweight/sdk/protocol/payouts";

const amount = fc.bigInt({ min: 0n, max: 2n ** 120n });
const weights = fc.array(fc.bigInt({ min: 0n, max: 65_534n }), { minLength: 1, maxLength: 64 });
const curve = [
  { scoreBps: 1_000, shareBps: 0 },
  { scoreBps: 5_000, shareBps: 4_000 },
  { scoreBps: 9_800, shareBps: 10_000 },
];
const score = fc.integer({ min: 0, max: 10_000 });

describe("payouts", () => {
  it("sum to the budget exactly, whatever the order, and each differs from its exact part by less than one", () => {
    const orders = weights.chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
    fc.assert(
      fc.property(amount, orders, (budget, shuffled) => {
        const total = sum(shuffled);
        const parts = addShares(
          shuffled.map(() => 0n),
          budget,
          shuffled,
        );
        expect(sum(parts)).to.equal(total === 0n ? 0n : budget);
        for (const [index, part] of parts.entries()) {
          // |part - budget x weight / total| < 1, without fractions.
          const error = part * total - budget * (shuffled[index] ?? 0n);
          expect(error > -total && error < total, `part ${index}`).to.equal(total > 0n);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("credit the same in any order of crediting: each part stands by itself", () => {
    expect(shareOf(100n, 0n, 1n, 3n)).to.equal(33n);
    expect(shareOf(100n, 1n, 2n, 3n)).to.equal(33n);
    expect(shareOf(100n, 2n, 3n, 3n)).to.equal(34n);
  });

  it("are earned by progress: never falling, nothing below the list, all above it", () => {
    fc.assert(
      fc.property(amount, score, score, fc.integer({ min: 0, max: 300 }), (reward, a, b, margin) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [less, more] = [earnedAt(curve, reward, low, margin), earnedAt(curve, reward, high, margin)];
        expect(less <= more && more <= reward).to.equal(true);
        if (high - margin <= 1_000) expect(more).to.equal(0n);
        if (low - margin >= 9_800) expect(less).to.equal(reward);
      }),
    );
  });

  it("earn the same however progress is sliced", () => {
    fc.assert(
      fc.property(amount, fc.array(score, { minLength: 1 }), (reward, scores) => {
        const path = scores.toSorted((a, b) => a - b);
        const earned = path.map(
          (to, i) => earnedAt(curve, reward, to, 50) - earnedAt(curve, reward, path[i - 1] ?? 0, 50),
        );
        expect(sum(earned)).to.equal(earnedAt(curve, reward, path.at(-1) ?? 0, 50));
      }),
    );
  });

  const gains = [-32_768, -1, 0, 5, 6, 7, 8, 32_766];

  it("weigh only what lies above the noise", () => {
    const rule = { payRule: "by-gain", acceptance: 0, noiseFloor: 5 } as const;
    expect(gains.map((gain) => weightOf(gain, rule))).to.deep.equal([0n, 0n, 0n, 0n, 1n, 2n, 3n, 32_761n]);
    const noiseless = { ...rule, acceptance: -32_768, noiseFloor: 0 };
    expect(gains.map((gain) => weightOf(gain, noiseless))).to.deep.equal([0n, 0n, 0n, 5n, 6n, 7n, 8n, 32_766n]);
  });

  it("weigh what is accepted by its distance from the noise, not from the acceptance", () => {
    const rule = { payRule: "by-gain", acceptance: 7, noiseFloor: 5 } as const;
    expect(gains.map((gain) => weightOf(gain, rule))).to.deep.equal([0n, 0n, 0n, 0n, 0n, 2n, 3n, 32_761n]);
  });

  it("weigh all that count alike where the job pays equally", () => {
    const rule = { payRule: "equal", acceptance: 7, noiseFloor: 5 } as const;
    expect(gains.map((gain) => weightOf(gain, rule))).to.deep.equal([0n, 0n, 0n, 0n, 0n, 1n, 1n, 1n]);
    expect(gains.map((gain) => weightOf(gain, { ...rule, acceptance: -9 }))).to.deep.equal([
      ...[0n, 0n, 0n, 0n],
      ...[1n, 1n, 1n, 1n],
    ]);
  });

  it("slash nothing at half of the scores in band, and half of the lock at none", () => {
    expect(deviationSlash(1_000n, 0, 0)).to.equal(0n);
    expect(deviationSlash(1_000n, 2, 4)).to.equal(0n);
    expect(deviationSlash(1_000n, 1, 4)).to.equal(250n);
    expect(deviationSlash(1_001n, 0, 4)).to.equal(500n);
  });
});

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
