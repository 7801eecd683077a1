import { expect } from "chai";
import fc from "fast-check";

import { pluralityLeader, rootOf, sharedWeights } from "../../sdk/clusters.ts";

describe("plurality of leaders", () => {
  const order = [0, 1, 2, 3];

  for (const [name, reports, expected] of [
    ["is what most seats say", [1, 1, 0], 1],
    ["is what most say, though fewer than half", [1, 1, 0, 3, 2, 1, 0], 1],
    ["is the update itself where most say so", [3, 3, 1], 3],
    ["is the update itself where two leaders tie", [0, 0, 1, 1], 3],
    ["is the update itself where it ties with a leader", [1, 1, 3, 3], 3],
    ["is the update itself where nobody reveals", [], 3],
    ["takes what is not in the list for the update itself", [4, -1, 99, 1, 1], 3],
  ] as const) {
    it(name, () => expect(pluralityLeader(reports, 3, order)).to.equal(expected));
  }

  it("is never a later one", () => {
    expect(pluralityLeader([3, 3, 3], 1, order)).to.equal(1);
    // Votes for later ones count for the update itself, all together.
    expect(pluralityLeader([2, 3, 0], 1, order)).to.equal(1);
    expect(pluralityLeader([3, 3, 3], 1, [0, 2, 3, 1])).to.equal(3);
  });

  it("gives no circles, whatever seats report", () => {
    const any = fc.integer({ min: 1, max: 12 }).chain((count) =>
      fc.record({
        order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
        seats: fc.array(fc.array(fc.integer({ min: -1, max: count }), { minLength: count, maxLength: count }), {
          maxLength: 7,
        }),
      }),
    );
    fc.assert(
      fc.property(any, ({ order: places, seats }) => {
        const leaders = places.map((_, own) =>
          pluralityLeader(
            seats.map((seat) => seat[own]!),
            own,
            places,
          ),
        );
        for (const [own, leader] of leaders.entries()) {
          expect(leader === own || places[leader]! < places[own]!).to.equal(true);
          expect(leaders[rootOf(own, leaders)]).to.equal(rootOf(own, leaders));
        }
      }),
    );
  });
});

interface Clustered {
  readonly weights: readonly bigint[];
  readonly leaders: readonly number[];
}

/** Leaders that are earlier in the list, in chains and stars of all shapes. */
const clustered: fc.Arbitrary<Clustered> = fc.integer({ min: 1, max: 16 }).chain((count) =>
  fc.record({
    weights: fc.array(fc.bigInt({ min: 0n, max: 65_534n }), { minLength: count, maxLength: count }),
    leaders: fc.tuple(...Array.from({ length: count }, (_, index) => fc.nat(index))),
  }),
);
const weight = fc.bigInt({ min: 1n, max: 65_534n });
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
const largest = (values: readonly bigint[]) => values.reduce((most, value) => (value > most ? value : most), 0n);

function clustersOf({ weights, leaders }: Clustered): number[][] {
  const indices = [...weights.keys()];
  const groups = new Map<number, number[]>();
  for (const index of indices) {
    const root = rootOf(index, leaders);
    groups.set(root, [...(groups.get(root) ?? []), index]);
  }
  return [...groups.values()];
}

describe("shared weights", () => {
  it("refuse leaders in a circle and out of the list", () => {
    expect(() => sharedWeights([1n, 1n], [1, 0])).to.throw(RangeError);
    expect(() => sharedWeights([1n, 1n], [0, 2])).to.throw(RangeError);
  });

  it("divide the largest weight in proportion, rounded down", () => {
    // 60 over 60 + 30 + 10: 36, 18, 6.
    expect(sharedWeights([30n, 60n, 10n], [0, 0, 0])).to.deep.equal([18n, 36n, 6n]);
    // 5 over 5 + 3: 25 / 8 and 15 / 8.
    expect(sharedWeights([5n, 3n], [0, 0])).to.deep.equal([3n, 1n]);
  });

  it("follow leaders to the root", () => {
    expect(sharedWeights([60n, 60n, 60n, 7n], [0, 0, 1, 3])).to.deep.equal([20n, 20n, 20n, 7n]);
  });

  it("are unchanged alone, and zero where all are zero", () => {
    expect(sharedWeights([7n, 0n, 0n, 65_534n], [0, 1, 1, 3])).to.deep.equal([7n, 0n, 0n, 65_534n]);
    expect(sharedWeights([], [])).to.deep.equal([]);
  });

  it("of a cluster never exceed its largest member, and miss it by less than one a member", () => {
    fc.assert(
      fc.property(clustered, (round) => {
        const shared = sharedWeights(round.weights, round.leaders);
        for (const members of clustersOf(round)) {
          const before = members.map((index) => round.weights[index]!);
          const total = sum(members.map((index) => shared[index]!));
          expect(total <= largest(before)).to.equal(true);
          expect(total > largest(before) - BigInt(members.length)).to.equal(true);
          for (const index of members) expect(shared[index]! <= round.weights[index]!).to.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("of one actor are not raised by clones that weigh no more than its model", () => {
    fc.assert(
      fc.property(weight, fc.array(fc.nat(10_000), { minLength: 1, maxLength: 63 }), (own, shares) => {
        const clones = shares.map((part) => (own * BigInt(part)) / 10_000n);
        const weights = [own, ...clones];
        const shared = sharedWeights(
          weights,
          weights.map(() => 0),
        );
        expect(sum(shared) <= own).to.equal(true);
      }),
    );
  });

  it("of others are not changed by a cluster", () => {
    fc.assert(
      fc.property(clustered, weight, (round, other) => {
        const alone = round.weights.length;
        const shared = sharedWeights([...round.weights, other], [...round.leaders, alone]);
        expect(shared).to.deep.equal([...sharedWeights(round.weights, round.leaders), other]);
      }),
    );
  });

  it("leave a framed member with at least its weight over the cluster's size", () => {
    fc.assert(
      fc.property(weight, fc.array(fc.bigInt({ min: 0n, max: 65_534n }), { maxLength: 63 }), (victim, copies) => {
        // The attacker commits first and leads.
        const weights = [...copies, victim];
        const shared = sharedWeights(
          weights,
          weights.map(() => 0),
        );
        const kept = shared.at(-1)!;
        expect(kept >= victim / BigInt(weights.length)).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it("are taken from a framed member to that bound by copies of its own weight, and not by copies without weight", () => {
    expect(sharedWeights([100n, 100n, 100n, 100n], [0, 0, 0, 0]).at(-1)).to.equal(25n);
    expect(sharedWeights([0n, 0n, 0n, 100n], [0, 0, 0, 0]).at(-1)).to.equal(100n);
  });

  it("do not depend on the order of a cluster's members", () => {
    const shuffled = clustered.chain((round) =>
      fc.record({
        round: fc.constant(round),
        places: fc.shuffledSubarray([...round.weights.keys()], { minLength: round.weights.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ round, places }) => {
        const moved = {
          weights: places.map((index) => round.weights[index]!),
          leaders: places.map((index) => places.indexOf(round.leaders[index]!)),
        };
        const shared = sharedWeights(round.weights, round.leaders);
        expect(sharedWeights(moved.weights, moved.leaders)).to.deep.equal(places.map((index) => shared[index]));
      }),
    );
  });
});
