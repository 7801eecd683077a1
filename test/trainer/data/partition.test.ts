import { expect } from "chai";
import fc from "fast-check";

import { dirichlet } from "../../../trainer/data/dirichlet.ts";
import { hashStream } from "../../../trainer/random/hash-stream.ts";
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
 * Mean over the parts of the share of a part's commonest class: 1 / classes without skew, 1 where parts have one class.
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

  it("gives shares their sizes, equal ones unless told", () => {
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

describe("the stream of a seed", () => {
  it("is sha256 in counter mode, word by word", () => {
    // printf 'd\0s\0\0\0\0\0\0\0\0' | sha256sum, and with \1 in the last place
    const stream = hashStream("d", "s");
    const words = Array.from({ length: 9 }, () => stream.uint32().toString(16).padStart(8, "0"));
    expect([words[0], words[7], words[8]]).to.deep.equal(["46798840", "542f171a", "8a61a9aa"]);
  });

  it("draws from 0 to below the limit, each as often", () => {
    const stream = hashStream("d", "t");
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 30_000; draw++) counts[stream.below(3)]!++;
    for (const count of counts) expect(count).to.be.within(9_700, 10_300);
  });
});

describe("the Dirichlet distribution", () => {
  it("has the mean and the variance of its definition", () => {
    const random = hashStream("d", "u");
    const draws = Array.from({ length: 20_000 }, () => dirichlet([0.5, 1.5, 2], random));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const [at, expected] of [0.125, 0.375, 0.5].entries()) {
      const own = draws.map((draw) => draw[at] ?? 0);
      expect(mean(own)).to.be.closeTo(expected, 0.006);
      const variance = mean(own.map((value) => (value - expected) ** 2));
      expect(variance).to.be.closeTo((expected * (1 - expected)) / 5, 0.003);
    }
  });

  it("does not break down for tiny concentrations", () => {
    const random = hashStream("d", "v");
    for (let draw = 0; draw < 1_000; draw++) {
      const shares = dirichlet([1e-5, 1e-5, 0], random);
      expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-12);
    }
  });
});
