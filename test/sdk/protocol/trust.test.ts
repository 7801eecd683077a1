import { expect } from "chai";
import fc from "fast-check";

import { FOUNDER, grown, rebased, valueOf, type TrustPool, type TrustShare } from "@commonweight/sdk/protocol/trust";

interface State {
  readonly pool: TrustPool;
  readonly shares: readonly TrustShare[];
}

/** Initial state with founders and newcomers. */
function begun(founders: number, newcomers: number): State {
  const members = founders + newcomers;
  const total = BigInt(founders) * FOUNDER;
  const value = (index: number) => (index < founders ? FOUNDER : 0n);
  return {
    pool: { total, epoch: 0, scale: 0, departed: 0n, members },
    shares: Array.from({ length: members }, (_, index) => ({ value: value(index), epoch: 0, scale: 0 })),
  };
}

/** One settlement, computed like `TrustBook.grow`. */
function settled({ pool, shares }: State, gains: readonly number[]): State {
  let sum = pool.total - pool.departed;
  const next = shares.map((share, index) => {
    const value = valueOf(share, pool);
    const now = grown(value, gains[index] ?? 0, pool.total);
    sum += now - value;
    return { value: now, epoch: pool.epoch, scale: pool.scale };
  });
  return { pool: rebased(pool, sum), shares: next };
}

/** The rule of the FLoBC paper: add the gain, cut at 0, divide by the sum. */
function flobc(trust: readonly number[], gains: readonly number[]): number[] {
  const raised = trust.map((value, index) => Math.max(value + (gains[index] ?? 0) / 10_000, 0));
  const sum = raised.reduce((total, value) => total + value, 0);
  return raised.map((value) => (sum === 0 ? 1 / trust.length : value / sum));
}

function trustOf({ pool, shares }: State): number[] {
  return shares.map((share) => Number(valueOf(share, pool)) / Number(pool.total));
}

function expectClose(state: State, model: readonly number[]): void {
  for (const [index, value] of trustOf(state).entries()) {
    expect(Math.abs(value - (model[index] ?? NaN)), `member ${index}`).to.be.below(1e-9);
  }
}

describe("trust", () => {
  const members = 6;
  /** Losses that leave some trust, and gains that make the total exceed 2^128 repeatedly. */
  const gains = fc.array(fc.integer({ min: -300, max: 300 }), { minLength: members, maxLength: members });
  const leaps = fc.array(fc.integer({ min: -300, max: 10_000 }), { minLength: members, maxLength: members });

  for (const [name, rounds] of [
    ["small gains", fc.array(gains, { maxLength: 40 })],
    ["gains that rescale", fc.array(leaps, { minLength: 60, maxLength: 90 })],
  ] as const) {
    it(`equals FLoBC's normalised rule, ${name}`, () => {
      fc.assert(
        fc.property(rounds, fc.integer({ min: 1, max: members }), (history, founders) => {
          let state = begun(founders, members - founders);
          let model = trustOf(state);
          for (const round of history) {
            state = settled(state, round);
            model = flobc(model, round);
            expectClose(state, model);
          }
        }),
        { numRuns: 100 },
      );
    });
  }

  it("rescales in the long run", () => {
    let state = begun(2, 0);
    for (let round = 0; round < 70; round++) state = settled(state, [10_000, 5_000]);
    expect(state.pool.scale).to.be.above(0);
  });

  it("starts anew, in equal parts, once all of it is lost", () => {
    const state = settled(begun(2, 1), [-10_000, -10_000, -1]);
    expect(state.pool).to.deep.equal({ total: 3n * FOUNDER, epoch: 1, scale: 0, departed: 0n, members: 3 });
    expectClose(state, [1 / 3, 1 / 3, 1 / 3]);
  });

  it("gives a newcomer nothing before its first gain", () => {
    const before = begun(2, 1);
    expectClose(before, [0.5, 0.5, 0]);
    expectClose(settled(before, [0, 0, 100]), [0.5 / 1.01, 0.5 / 1.01, 0.01 / 1.01]);
  });
});
