import { expect } from "chai";
import fc from "fast-check";

import { partition, type PartitionRule } from "../../../trainer/data/partition.ts";
import { planDataSet, splitHoldout } from "../../../trainer/data/split.ts";
import { refusalOf } from "../../helpers/refusals.ts";

const CLASSES = 10;
const labels = Uint16Array.from({ length: 1_000 }, (_, index) => (index * 7) % CLASSES);

const anyRule: fc.Arbitrary<PartitionRule> = fc.oneof(
  fc.constant<PartitionRule>({ kind: "iid" }),
  fc.double({ min: 1e-4, max: 1e4, noNaN: true }).map((alpha): PartitionRule => ({ kind: "dirichlet", alpha })),
  fc.integer({ min: 1, max: 4 }).map((shardsPerPart): PartitionRule => ({ kind: "shards", shardsPerPart })),
);

/**
 * Mean share of the most frequent class in a part: 1 / classes without skew, 1 if every part has a single class.
 */
function skewOf(parts: readonly Uint32Array[]): number {
  const shares = parts.map((part) => {
    const counts = new Uint32Array(CLASSES);
    for (const index of part) counts[labels[index]!]!++;
    return Math.max(...counts) / part.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / parts.length;
}

describe("a partition", () => {
  it("is refused for parameters that make no sense, and where a part would be empty", async () => {
    const code = (parts: number, rule: PartitionRule, of = labels) => refusalOf(() => partition(of, parts, rule, "s"));
    expect(await code(0, { kind: "iid" })).to.equal("PARTITION_PARAMETER");
    expect(await code(1.5, { kind: "iid" })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "iid", shares: [0.5, 0.4] })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "iid", shares: [1] })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "iid", shares: [1.5, -0.5] })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "dirichlet", alpha: 0 })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "dirichlet", alpha: Number.NaN })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "shards", shardsPerPart: 501 })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "shards", shardsPerPart: 0 })).to.equal("PARTITION_PARAMETER");
    expect(await code(2, { kind: "iid", shares: [0.9999, 0.0001] })).to.equal("PARTITION_EMPTY_PART");
    expect(await code(5, { kind: "dirichlet", alpha: 1 }, labels.slice(0, 4))).to.equal("PARTITION_EMPTY_PART");
  });

  it("puts every sample into exactly one part, leaves none empty, and is the same for the same seed", () => {
    const property = fc.property(anyRule, fc.integer({ min: 1, max: 40 }), fc.string(), (rule, count, seed) => {
      const parts = partition(labels, count, rule, seed);
      expect(parts).to.have.length(count);
      expect(Math.min(...parts.map((part) => part.length))).to.be.greaterThan(0);
      const all = Uint32Array.from(parts.flatMap((part) => [...part])).sort();
      expect(all).to.deep.equal(Uint32Array.from(labels.keys()));
      expect(partition(labels, count, rule, seed)).to.deep.equal(parts);
    });
    fc.assert(property, { numRuns: 150 });
  });

  it("has parts in proportion to the shares, by default equal ones", () => {
    const sizes = (rule: PartitionRule, parts = 3) => partition(labels, parts, rule, "s").map((part) => part.length);
    expect(sizes({ kind: "iid", shares: [0.5, 0.3, 0.2] })).to.deep.equal([500, 300, 200]);
    expect(sizes({ kind: "iid" })).to.deep.equal([333, 334, 333]);
    expect(sizes({ kind: "dirichlet", alpha: 0.1 })).to.deep.equal([334, 333, 333]);
    expect(sizes({ kind: "shards", shardsPerPart: 2 }, 5)).to.deep.equal([200, 200, 200, 200, 200]);
  });

  it("differs for another seed", () => {
    expect(partition(labels, 3, { kind: "iid" }, "a")).not.to.deep.equal(partition(labels, 3, { kind: "iid" }, "b"));
  });

  it("skews labels by alpha: hardly for a large one, to one or two classes for a small one", () => {
    const skew = (alpha: number) => skewOf(partition(labels, 5, { kind: "dirichlet", alpha }, "s"));
    expect(skew(1_000)).to.be.below(0.15);
    expect(skew(10)).to.be.within(0.15, 0.3);
    expect(skew(0.01)).to.be.above(0.38);
  });

  it("gives a part as many classes as it has shards, where shards are whole classes", () => {
    const parts = partition(labels, 5, { kind: "shards", shardsPerPart: 2 }, "s");
    for (const part of parts) expect(new Set([...part].map((index) => labels[index])).size).to.equal(2);
  });
});

describe("a holdout", () => {
  it("has its share, and leaves the rest to the parts", () => {
    const plan = planDataSet(labels, { parts: 4, rule: { kind: "iid" }, holdoutShare: 0.2, seed: "s" });
    expect(plan.holdout.length).to.equal(200);
    const all = Uint32Array.from([...plan.holdout, ...plan.parts.flatMap((part) => [...part])]).sort();
    expect(all).to.deep.equal(Uint32Array.from(labels.keys()));
  });

  it("is refused when it leaves nothing", async () => {
    for (const share of [1, -0.1, Number.NaN, 0.9999]) {
      expect(await refusalOf(() => splitHoldout(10, share, "s"))).to.equal("PARTITION_PARAMETER");
    }
  });
});
