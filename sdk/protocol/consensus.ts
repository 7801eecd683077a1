import { pluralityOf } from "./clusters.ts";
import { BPS } from "./limits.ts";
import { UNAVAILABLE } from "./scores.ts";

// Mirror of `contracts/libraries/Consensus.sol`: the robust consensus of a committee's scores.

/** Agreement of a score that equals the consensus. */
export const FULL_AGREEMENT = BPS;

/** Half the band's width, in upper medians of the distances. */
const BAND_WIDTH = 4;
const MIN_QUORUM = 3;

/** No fingerprint. */
const NONE = -1;

/** What a committee agrees on for one update. */
export interface Verdict {
  /** Lower median of all scores, in score units; void if at least half of the scores are. */
  readonly median: number;
  /** Half the width of the band around the median, in score units; 0 if the median is void. */
  readonly band: number;
}

/** Whether a score is one of the void markers, `INVALID` and `UNAVAILABLE`. */
export function isVoid(score: number): boolean {
  return score <= UNAVAILABLE;
}

/**
 * Gives the lower median of the scores and the band around it. Voids sort lowest. The band is 4 x the *upper* median of
 * |s - median| over the scores that are numbers, clamped to `[tolerance, maxTolerance]`.
 *
 * The median absolute deviation is the most robust measure of spread: its breakdown point is one half (Rousseeuw &
 * Croux 1993).
 *
 * @param scores 16-bit numbers, at least one
 * @param tolerance narrowest band, in score units, at least 1
 * @param maxTolerance widest band, in score units
 */
export function verdictOf(scores: readonly number[], tolerance: number, maxTolerance: number): Verdict {
  const sorted = scores.toSorted(ascending);
  const median = at(sorted, Math.floor((sorted.length - 1) / 2));
  if (isVoid(median)) return { median, band: 0 };
  const distances = sorted.filter((score) => !isVoid(score)).map((score) => distance(score, median));
  const deviation = at(distances.toSorted(ascending), Math.floor(distances.length / 2));
  return { median, band: Math.min(Math.max(BAND_WIDTH * deviation, tolerance), maxTolerance) };
}

/** Gives 10,000 x max(0, 1 - |score - median| / band), rounded up by less than one. */
export function agreement(score: number, { median, band }: Verdict): number {
  const loss = Math.floor((FULL_AGREEMENT * distance(score, median)) / band);
  return loss >= FULL_AGREEMENT ? 0 : FULL_AGREEMENT - loss;
}

/** Whether a score that is a number lies within the band. */
export function isInBand(score: number, { median, band }: Verdict): boolean {
  return distance(score, median) <= band;
}

/** Gives |a - b|. */
export function distance(a: number, b: number): number {
  return Math.abs(a - b);
}

/** Returns the quorum of `seats`, max(3, ceil(2 x seats / 3)): an attempt with fewer reveals fails. */
export function quorum(seats: number): number {
  return Math.max(MIN_QUORUM, Math.ceil((2 * seats) / 3));
}

function ascending(a: number, b: number): number {
  return a - b;
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError("a verdict needs at least one score");
  return value;
}

/**
 * Returns for each seat whether it counts: whether another seat revealed the same fingerprint. A guessed fingerprint
 * has no match. On own holdouts all fingerprints are 0.
 *
 * @param fingerprints by seat; `undefined` where the seat revealed nothing
 */
export function countingSeats(fingerprints: readonly (number | undefined)[]): readonly boolean[] {
  return fingerprints.map(
    (own, seat) => own !== undefined && fingerprints.some((other, place) => place !== seat && other === own),
  );
}

/**
 * Returns the most frequent fingerprint of the counting seats; `undefined` on a tie. A seat with this fingerprint
 * computed the same scores as the majority, so if its revealed scores deviate, they are false.
 */
export function sharedFingerprint(fingerprints: readonly (number | undefined)[]): number | undefined {
  const counting = countingSeats(fingerprints);
  const given = fingerprints.flatMap((own, seat) => (counting[seat] === true && own !== undefined ? [own] : []));
  const shared = given.length === 0 ? NONE : pluralityOf(given, NONE);
  return shared === NONE ? undefined : shared;
}
