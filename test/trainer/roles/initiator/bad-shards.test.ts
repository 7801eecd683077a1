import { expect } from "chai";

import { badShardCases, badShards } from "../../../../trainer/roles/initiator/bad-shards.ts";

/** What one order of shards brings: whether the public one is bad, and rounds unpaid and lost if workers leave. */
function played(order: readonly number[], bad: number) {
  const [isPublicBad = false, ...isBad] = order.map((shard) => shard < bad);
  const unseen = isBad.filter(Boolean).length;
  const first = isBad.indexOf(true);
  if (isPublicBad || first < 0) return { isPublicBad, unpaid: unseen, unseen, lost: 0 };
  return { isPublicBad, unpaid: 1, unseen, lost: isBad.length - 1 - first };
}

function* ordersOf(shards: readonly number[]): Generator<readonly number[]> {
  if (shards.length === 0) yield [];
  for (const shard of shards) {
    for (const rest of ordersOf(shards.filter((other) => other !== shard))) yield [shard, ...rest];
  }
}

describe("what bad shards save an initiator", () => {
  for (const rounds of [2, 3, 6]) {
    it(`is the mean over all orders in which the shards of ${rounds} rounds can be drawn`, () => {
      const orders = [...ordersOf(Array.from({ length: rounds + 1 }, (_, shard) => shard))];
      for (let bad = 1; bad <= rounds + 1; bad++) {
        const all = orders.map((order) => played(order, bad));
        const mean = (of: (one: ReturnType<typeof played>) => number) =>
          all.reduce((sum, one) => sum + of(one), 0) / all.length;
        const trainers = 10n ** 18n;
        const found = badShards({ rounds, bad, trainers });
        const say = `${bad} bad`;
        expect(found.publicIsBad, say).to.be.closeTo(
          mean(({ isPublicBad }) => Number(isPublicBad)),
          1e-9,
        );
        expect(found.unpaidRounds, say).to.be.closeTo(
          mean(({ unpaid }) => unpaid),
          1e-9,
        );
        expect(found.unpaidRoundsUnseen, say).to.be.closeTo(
          mean(({ unseen }) => unseen),
          1e-9,
        );
        expect(found.lostRounds, say).to.be.closeTo(
          mean(({ lost }) => lost),
          1e-9,
        );
        expect(Number(found.saved) / 1e18, say).to.be.closeTo(found.unpaidRounds / rounds, 1e-9);
        expect(Number(found.savedUnseen) / 1e18, say).to.be.closeTo(found.unpaidRoundsUnseen / rounds, 1e-9);
      }
    });
  }

  it("is one round's pay where the last round draws the only bad one, and all pay where all are bad", () => {
    const { one, last, half, all } = badShardCases({ rounds: 10, trainers: 850n });
    expect(last).to.include({ saved: 85n, savedUnseen: 85n, unpaidRounds: 1, lostRounds: 0 });
    expect(last.chance).to.equal(1 / 11);
    expect(one).to.include({ saved: 77n, chance: 1, bad: 1 });
    expect(one.lostRounds).to.be.closeTo((10 / 11) * 4.5, 1e-9);
    // With chance 5 of 11 four rounds are unpaid, else one: 26/11 of 85.
    expect(half).to.include({ saved: 200n, savedUnseen: 386n, bad: 5, publicIsBad: 5 / 11 });
    expect(all).to.include({ saved: 850n, bad: 11, publicIsBad: 1, unpaidRounds: 10, lostRounds: 0 });
  });

  it("is not asked for none, or for more than there are", () => {
    for (const bad of [0, 4]) expect(() => badShards({ rounds: 2, bad, trainers: 1n })).to.throw(RangeError);
  });
});
