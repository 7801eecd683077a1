import { BPS } from "./limits.ts";

/** The update is malformed: the bytes themselves are wrong. Void, and costs trust. */
export const INVALID = -32_768;

/** The update could not be fetched. Void like `INVALID`, but its trainer keeps its trust. */
export const UNAVAILABLE = -32_767;

/** Lowest and highest score that is a number. */
export const MIN_SCORE = -32_766;
export const MAX_SCORE = 32_766;

/** Clamps a score to `[MIN_SCORE, MAX_SCORE]`, so that no value collides with `INVALID` or `UNAVAILABLE`. */
export function clampScore(score: bigint): number {
  if (score < BigInt(MIN_SCORE)) return MIN_SCORE;
  return score > BigInt(MAX_SCORE) ? MAX_SCORE : Number(score);
}

/**
 * Accuracy in basis points, rounded down: the only place where a count becomes an accuracy.
 *
 * @param correct correctly classified samples
 * @param count samples, 1 or more
 */
export function accuracyBps(correct: number, count: number): number {
  return Number((BigInt(correct) * BigInt(BPS)) / BigInt(count));
}
