import type { JobParams, Milestone } from "./job-params.ts";
import { BPS } from "./limits.ts";

// Mirror of `contracts/libraries/Payouts.sol`: the division of pay.

/**
 * Gives the part of `budget` earned by weight `(before, upTo]` out of `total`, rounded down. Differences of one running
 * floor: over all payees the parts sum to `budget` exactly, in any order.
 *
 * @param budget in the token's smallest unit
 * @param total more than 0
 */
export function shareOf(budget: bigint, before: bigint, upTo: bigint, total: bigint): bigint {
  return (budget * upTo) / total - (budget * before) / total;
}

/** Returns `amounts`, each plus its weight's part of `budget`; unchanged if all weights are zero. */
export function addShares(amounts: readonly bigint[], budget: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return [...amounts];
  let upTo = 0n;
  return amounts.map((amount, index) => {
    const before = upTo;
    upTo += weights[index] ?? 0n;
    return amount + shareOf(budget, before, upTo, total);
  });
}

/** Job parameters that determine an update's weight. Scores in score units. */
export type WeightRule = Pick<JobParams, "payRule" | "acceptance" | "noiseFloor">;

/**
 * Returns an update's weight in its round's pay: 0 for a consensus score below `acceptance` or up to the noise floor,
 * else score - noiseFloor, or 1 under the pay rule `equal`.
 */
export function weightOf(score: number, { payRule, acceptance, noiseFloor }: WeightRule): bigint {
  if (score < acceptance || score <= noiseFloor) return 0n;
  return payRule === "equal" ? 1n : BigInt(score - noiseFloor);
}

/**
 * Returns the part of `reward` earned at a released model's score of `scoreBps`, rounded down: linear between the price
 * list's points, read at `scoreBps - margin`; 0 up to the first point, all from the last on.
 *
 * Path-independent: what a round earns is a difference of two values of this function.
 *
 * @param curve points ascending in both coordinates, shares from 0 to 10,000
 * @param reward in the token's smallest unit
 */
export function earnedAt(curve: readonly Milestone[], reward: bigint, scoreBps: number, margin: number): bigint {
  const score = Math.max(0, scoreBps - margin);
  for (const [index, right] of curve.entries()) {
    const left = curve[index - 1];
    if (left === undefined ? score > right.scoreBps : score >= right.scoreBps) continue;
    return left === undefined ? 0n : between(left, right, reward, score);
  }
  return reward;
}

/**
 * Returns a seat's slash for scores outside the band: lock x 50 % x (1 - 2b) with b = inBand / numeric, rounded down; 0
 * for b of 1/2 or more.
 *
 * @param lock in the token's smallest unit
 */
export function deviationSlash(lock: bigint, inBand: number, numeric: number): bigint {
  if (2 * inBand >= numeric) return 0n;
  return (lock * BigInt(numeric - 2 * inBand)) / BigInt(2 * numeric);
}

function between(left: Milestone, right: Milestone, reward: bigint, score: number): bigint {
  const width = right.scoreBps - left.scoreBps;
  const share = left.shareBps * width + (right.shareBps - left.shareBps) * (score - left.scoreBps);
  return (reward * BigInt(share)) / BigInt(BPS * width);
}
