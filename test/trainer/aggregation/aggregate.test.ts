import { expect } from "chai";
import fc from "fast-check";

import { aggregate } from "../../../trainer/aggregation/aggregate.ts";
import { clipToMedianNorm, normOf } from "../../../trainer/aggregation/clip.ts";
import type { AggregationRule } from "../../../trainer/aggregation/direction.ts";
import { toFloat64 } from "../../../trainer/aggregation/rational.ts";
import { refusalOf } from "../../helpers/refusals.ts";

/** The bits of float32 values, which must be equal on all machines. */
function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** The rules with one weight per update; the others are tested in `robust-rules.test.ts`. */
type LinearRule = Extract<AggregationRule, { kind: "fedavg" | "trust" }>;

/** An independent model of the rules, value by value and update by update. */
function naive(base: Float32Array, updates: readonly Float32Array[], rule: LinearRule): Float32Array {
  return base.map((weight, at) => {
    if (rule.kind === "fedavg") {
      const sum = updates.reduce((total, update) => total + update[at]!, 0);
      return Math.fround(weight + sum / updates.length);
    }
    const shares = rule.shares.map(({ numerator, denominator }) => Number(numerator) / Number(denominator));
    return Math.fround(weight + updates.reduce((total, update, own) => total + shares[own]! * update[at]!, 0));
  });
}

/** The smallest positive float32: the rounding error of values close to 0. */
const SMALLEST = 2 ** -149;
const value = fc.float({ min: -1000, max: 1000, noNaN: true });
/** Sums of these lose digits even in float64, so that a different order of additions changes the result. */
const distant = fc.constantFrom(...[2 ** 90, -(2 ** 90), 2 ** 60, -(2 ** 60)]);
const problem = fc
  .record({ length: fc.integer({ min: 1, max: 5_000 }), count: fc.integer({ min: 1, max: 11 }) })
  .chain(({ length, count }) => {
    // Few drawn values, repeated with a shift, make long vectors cheap.
    const vector = fc.array(fc.oneof(value, distant), { minLength: 7, maxLength: 97 }).map((drawn) => {
      return Float32Array.from({ length }, (_, at) => (drawn[at % drawn.length] ?? 0) / (1 + (at % 13)));
    });
    const trust = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: count, maxLength: count });
    return fc.record({ base: vector, updates: fc.array(vector, { minLength: count, maxLength: count }), trust });
  });

function rulesFor(trust: readonly number[]): readonly LinearRule[] {
  const total = BigInt(trust.reduce((sum, own) => sum + own, 1));
  const shares = trust.map((own) => ({ numerator: BigInt(own), denominator: total }));
  return [{ kind: "fedavg" }, { kind: "trust", shares }];
}

describe("aggregation", () => {
  const base = Float32Array.of(1, 2, 3);

  it("refuses no updates, another length, wrong shares and sums beyond float32", async () => {
    const huge = Float32Array.of(3e38, 0, 0);
    const share = { numerator: 1n, denominator: 1n };
    const code = (updates: readonly Float32Array[], rule: AggregationRule) =>
      refusalOf(() => aggregate(base, updates, rule));
    expect(await code([], { kind: "fedavg" })).to.equal("AGGREGATE_EMPTY");
    expect(await code([base, base.slice(1)], { kind: "fedavg" })).to.equal("AGGREGATE_LENGTH");
    expect(await code([base], { kind: "trust", shares: [] })).to.equal("AGGREGATE_SHARES");
    expect(await code([base], { kind: "trust", shares: [{ numerator: 1n, denominator: 0n }] })).to.equal(
      "AGGREGATE_SHARES",
    );
    expect(await code([base], { kind: "trust", shares: [{ numerator: -1n, denominator: 1n }] })).to.equal(
      "AGGREGATE_SHARES",
    );
    expect(await code([huge, huge], { kind: "trust", shares: [share, share] })).to.equal("AGGREGATE_NOT_FINITE");
  });

  it("adds the mean, or the sum by trust", () => {
    const updates = [Float32Array.of(1, 0, -2), Float32Array.of(3, 0, 2)];
    const shares = [
      { numerator: 1n, denominator: 4n },
      { numerator: 3n, denominator: 4n },
    ];
    expect([...aggregate(base, updates, { kind: "fedavg" })]).to.deep.equal([3, 2, 3]);
    expect([...aggregate(base, updates, { kind: "trust", shares })]).to.deep.equal([3.5, 2, 4]);
  });

  it("agrees with a naive model to the bit, for every number of updates and any chunking of the parameters", () => {
    const property = fc.property(problem, fc.integer({ min: 1, max: 4_999 }), ({ base, updates, trust }, cut) => {
      for (const rule of rulesFor(trust)) {
        const whole = aggregate(base, updates, rule);
        expect(bits(whole)).to.deep.equal(bits(naive(base, updates, rule)));
        for (const [from, to] of [[0, cut] as const, [cut, base.length] as const]) {
          const piece = aggregate(
            base.slice(from, to),
            updates.map((update) => update.slice(from, to)),
            rule,
          );
          expect(bits(piece)).to.deep.equal(bits(whole.slice(from, to)));
        }
      }
    });
    fc.assert(property, { numRuns: 150 });
  });

  it("gives the same bytes on every machine", () => {
    // Computed by an independent Python program, with `struct` and IEEE 754 floats.
    const updates = [1, 2, 3, 4, 5].map((own) => Float32Array.from({ length: 3 }, (_, at) => own / (at + 3)));
    const shares = [1, 2, 3, 4, 7].map((own) => ({ numerator: BigInt(own), denominator: 17n }));
    const start = Float32Array.of(0.1, 0.2, 0.3);
    expect([...bits(aggregate(start, updates, { kind: "fedavg" }))]).to.deep.equal([
      1066192077, 1064514355, 1063675495,
    ]);
    expect([...bits(aggregate(start, updates, { kind: "trust", shares }))]).to.deep.equal([
      1068494832, 1066660852, 1065896008,
    ]);
  });

  it("rounds once, and keeps digits that float32 sums would lose", () => {
    const updates = [2 ** 24, 1, 1, -(2 ** 24)].map((one) => Float32Array.of(one));
    expect([...aggregate(Float32Array.of(0), updates, { kind: "fedavg" })]).to.deep.equal([0.5]);
  });
});

describe("a share as a float64", () => {
  it("is the nearest one, as the language's own division gives it where operands are exact", () => {
    const exact = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const property = fc.property(exact, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (a, b) => {
      expect(toFloat64({ numerator: BigInt(a), denominator: BigInt(b) })).to.equal(a / b);
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it("does not depend on a common factor, however large", () => {
    const property = fc.property(
      fc.nat(),
      fc.integer({ min: 1 }),
      fc.bigInt({ min: 1n, max: 2n ** 128n }),
      (a, b, k) => {
        expect(toFloat64({ numerator: BigInt(a) * k, denominator: BigInt(b) * k })).to.equal(a / b);
      },
    );
    fc.assert(property, { numRuns: 3_000 });
  });

  it("is rounded once, ties to even", () => {
    const one = 2n ** 53n;
    const share = (numerator: bigint, denominator: bigint) => toFloat64({ numerator, denominator }) * 2 ** 53;
    expect(share(one * 2n + 1n, one * one * 2n) * 2 ** 53).to.equal(2 ** 53);
    expect(share(one * 2n + 3n, one * one * 2n) * 2 ** 53).to.equal(2 ** 53 + 2);
    expect(share(one * 2n ** 70n + 2n ** 69n + 1n, one * one * 2n ** 70n) * 2 ** 53).to.equal(2 ** 53);
    expect(() => toFloat64({ numerator: 1n, denominator: 0n })).to.throw(RangeError);
  });
});

describe("clipping", () => {
  const updates = [Float32Array.of(3, 4), Float32Array.of(0, 1), Float32Array.of(-60, 80), Float32Array.of(0, 2)];

  it("scales what is above the lower median of the norms down to it, and leaves the rest as it is", () => {
    const clipped = clipToMedianNorm(updates);
    expect([...clipped[0]!]).to.deep.equal([Math.fround(1.2), Math.fround(1.6)]);
    expect([...clipped[2]!]).to.deep.equal([Math.fround(-1.2), Math.fround(1.6)]);
    expect(clipped[1]).to.equal(updates[1]);
    expect(clipped[3]).to.equal(updates[3]);
  });

  it("makes scaling an update up worthless", () => {
    const scaledUp = updates.map((update, at) => (at === 2 ? update.map((one) => one * 5) : update));
    const [honest, greedy] = [clipToMedianNorm(updates)[2]!, clipToMedianNorm(scaledUp)[2]!];
    expect(normOf(greedy)).to.be.closeTo(normOf(honest), 1e-6);
  });

  it("leaves nothing above the median, whatever the order, and needs no updates", () => {
    const vectors = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }).map((own) => Float32Array.from(own)));
    const property = fc.property(vectors, (drawn) => {
      const clipped = clipToMedianNorm(drawn);
      const limit = drawn.map(normOf).sort((a, b) => a - b)[Math.ceil(drawn.length / 2) - 1] ?? 0;
      for (const update of clipped) expect(normOf(update)).to.be.at.most(limit * (1 + 1e-6) + SMALLEST * update.length);
      expect(clipToMedianNorm(drawn.toReversed())).to.deep.equal(clipped.toReversed());
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("does not overflow on the largest updates that are finite", () => {
    const huge = new Float32Array(4).fill(3.4e38);
    const [, clipped] = clipToMedianNorm([Float32Array.of(1, 1, 1, 1), huge]);
    expect([...clipped!]).to.deep.equal([1, 1, 1, 1]);
  });
});
