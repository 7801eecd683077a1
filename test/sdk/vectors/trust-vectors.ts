import {
  CEILING,
  FOUNDER,
  grown,
  rebased,
  valueOf,
  type TrustPool,
  type TrustShare,
} from "@commonweight/sdk/protocol/trust";
import type { Comparison } from "./comparison.ts";

interface TrustVector {
  readonly share: TrustShare;
  readonly pool: TrustPool;
  readonly gainBps: number;
  readonly sum: bigint;
}

interface TrustResult {
  readonly value: bigint;
  readonly grown: bigint;
  readonly rebased: TrustPool;
}

/** Maximum bit length of values. */
const VALUE_BITS = 136;

export const trustComparison: Comparison<TrustVector, TrustResult> = {
  name: "Trust: valueOf, grown, rebased",
  share: 0.21,
  make(random) {
    const epoch = random.int(0, 3);
    const scale = random.pick([0, random.int(0, 3), 4_294_967_290]);
    return {
      share: { value: random.bits(VALUE_BITS), epoch: random.int(0, 3), scale: random.pick([scale, scale, 0]) },
      pool: {
        total: random.pick([0n, FOUNDER, random.bits(VALUE_BITS)]),
        epoch,
        scale,
        departed: random.bits(VALUE_BITS),
        members: random.pick([1, random.int(0, 64), 4_294_967_295]),
      },
      gainBps: random.pick([random.int(-32_768, 32_767), random.int(-300, 300), 10_000, -10_000, 10_001, -10_001, 0]),
      sum: random.pick([0n, 1n, CEILING - 1n, CEILING, CEILING + 1n, random.bits(VALUE_BITS)]),
    };
  },
  async onChain(harness, vectors) {
    return (await harness.trust(vectors)).map((result) => ({
      value: result.value,
      grown: result.grown,
      rebased: {
        total: result.rebased.total,
        epoch: Number(result.rebased.epoch),
        scale: Number(result.rebased.scale),
        departed: result.rebased.departed,
        members: Number(result.rebased.members),
      },
    }));
  },
  mirror({ share, pool, gainBps, sum }) {
    const value = valueOf(share, pool);
    return { value, grown: grown(value, gainBps, pool.total), rebased: rebased(pool, sum) };
  },
};
