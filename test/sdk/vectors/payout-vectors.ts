import type { Milestone } from "@commonweight/sdk/protocol/job-params";
import { addShares, deviationSlash, earnedAt, weightOf, type WeightRule } from "@commonweight/sdk/protocol/payouts";
import type { Comparison } from "./comparison.ts";
import type { Random } from "./random.ts";

interface ShareVector {
  readonly budget: bigint;
  readonly amounts: bigint[];
  readonly weights: bigint[];
}

interface EarnedVector {
  readonly curve: Milestone[];
  readonly reward: bigint;
  readonly scoreBps: number;
  readonly margin: number;
}

interface SlashVector {
  readonly lock: bigint;
  readonly inBand: number;
  readonly numeric: number;
  readonly score: number;
  readonly rule: WeightRule;
}

const PAY_RULES = ["by-gain", "equal"] as const;

export const sharesComparison: Comparison<ShareVector, readonly bigint[]> = {
  name: "Payouts: shareOf, addShares",
  share: 0.06,
  make(random) {
    const count = random.chance(0.02) ? 64 : random.int(1, 12);
    // The sum of 64 weights of 249 bits is less than 2^256.
    const weightBits = random.pick([0, 1, 16, 32, 249]);
    return {
      budget: random.bits(random.pick([8, 128, 255])),
      amounts: random.list(count, () => random.bits(128)),
      weights: random.list(count, () => (random.chance(0.2) ? 0n : random.bits(weightBits))),
    };
  },
  async onChain(harness, vectors) {
    return (await harness.shares(vectors)).map((amounts) => [...amounts]);
  },
  mirror: ({ budget, amounts, weights }) => addShares(amounts, budget, weights),
};

export const earnedComparison: Comparison<EarnedVector, bigint> = {
  name: "Payouts: earnedAt",
  share: 0.13,
  make(random) {
    const curve = priceList(random);
    const margin = random.pick([0, random.int(0, 300), random.int(0, 65_535)]);
    const point = curve[random.int(0, curve.length - 1)]?.scoreBps ?? 0;
    const around = Math.max(0, point + margin + random.int(-1, 1));
    return {
      curve,
      margin,
      reward: random.bits(random.pick([8, 120, 256])),
      scoreBps: random.pick([around, random.int(0, 10_000), random.int(0, 65_535), 0]),
    };
  },
  async onChain(harness, vectors) {
    return [...(await harness.earned(vectors))];
  },
  mirror: ({ curve, reward, scoreBps, margin }) => earnedAt(curve, reward, scoreBps, margin),
};

export const slashComparison: Comparison<SlashVector, readonly [bigint, bigint]> = {
  name: "Payouts: deviationSlash, weightOf",
  share: 0.206,
  make(random) {
    const score = random.pick([random.int(-32_768, 32_767), random.int(-3, 3), -32_768, 32_767]);
    const around = Math.min(Math.max(score + random.int(-1, 1), -32_768), 32_767);
    return {
      lock: random.bits(random.pick([8, 120, 256])),
      inBand: random.int(0, 64),
      numeric: random.int(0, 64),
      score,
      rule: {
        payRule: random.pick(PAY_RULES),
        acceptance: random.pick([0, around, random.int(-3, 3), random.int(-32_768, 32_767), -32_768]),
        noiseFloor: random.pick([0, Math.max(0, around), random.int(0, 3), random.int(0, 65_535), 65_535]),
      },
    };
  },
  async onChain(harness, vectors) {
    const [amounts, weights] = await harness.slashes(vectors.map(encoded));
    return amounts.map((amount, index) => [amount, weights[index] ?? -1n] as const);
  },
  mirror: ({ lock, inBand, numeric, score, rule }) => [deviationSlash(lock, inBand, numeric), weightOf(score, rule)],
};

function encoded({ rule, ...vector }: SlashVector) {
  // On chain, 0 stands for no rule.
  return { ...vector, ...rule, payRule: 1 + PAY_RULES.indexOf(rule.payRule) };
}

/** 2 to 8 points: scores ascend strictly, shares weakly from 0 to 10,000. */
function priceList(random: Random): Milestone[] {
  const scores = new Set(random.list(random.int(2, 8), () => random.int(0, 10_000)));
  scores.add(random.chance(0.5) ? 0 : 10_000);
  if (scores.size < 2) scores.add(5_000);
  const sorted = [...scores].sort((a, b) => a - b).slice(0, 8);
  const shares = sorted.map(() => random.int(0, 10_000)).sort((a, b) => a - b);
  return sorted.map((scoreBps, index) => {
    if (index === 0) return { scoreBps, shareBps: 0 };
    return { scoreBps, shareBps: index === sorted.length - 1 ? 10_000 : (shares[index] ?? 0) };
  });
}
