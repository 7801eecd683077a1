import { pluralityOf } from "./clusters.ts";
import { BPS } from "./limits.ts";
import { UNAVAILABLE } from "./scores.ts";

// The mirror of `contracts/libraries/Consensus.sol`: the robust consensus of a committee's scores.

/** Agreement of a score that equals the consensus. */
export const FULL_AGREEMENT = BPS;

/** Width of the band, in upper medians of the distances. */
const BAND_WIDTH = 4;
const MIN_QUORUM = 3;

/** No fingerprint. */
const NONE = -1;

/** What a committee agrees on for one update. */
export interface Verdict {
  /** Lower median of all scores, in score units; a void where most scores are void. */
  readonly median: number;
  /** Half the width of the band around it, in score units; 0 where the median is void. */
  readonly band: number;
}

/** Whether a score says that there is nothing to score. */
export function isVoid(score: number): boolean {
  return score <= UNAVAILABLE;
}

/**
 * Gives the lower median of the scores and the band around it. Voids sort lowest. The band is 4 x the *upper* median of
 * |s - median| over the scores that are numbers, clamped to `[tolerance, maxTolerance]`.
 *
 * The median absolute deviation is the most robust measure of spread: up to half of the scores move it no further than
 * the others reach (Rousseeuw & Croux 1993).
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

/** Gives the reveals without which an attempt fails: max(3, ceil(2k / 3)). */
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
 * Gives which seats count: those that revealed a fingerprint which another revealed as well. Who only guesses stands
 * alone. Where holdouts differ all fingerprints are 0.
 *
 * @param fingerprints by seat; `undefined` where the seat revealed nothing
 */
export function countingSeats(fingerprints: readonly (number | undefined)[]): readonly boolean[] {
  return fingerprints.map(
    (own, seat) => own !== undefined && fingerprints.some((other, place) => place !== seat && other === own),
  );
}

/**
 * Gives the fingerprint that most counting seats have: who has it and deviates has computed what the others did, and
 * says otherwise. `undefined` where two are as frequent.
 */
export function sharedFingerprint(fingerprints: readonly (number | undefined)[]): number | undefined {
  const counting = countingSeats(fingerprints);
  const given = fingerprints.flatMap((own, seat) => (counting[seat] === true && own !== undefined ? [own] : []));
  const shared = given.length === 0 ? NONE : pluralityOf(given, NONE);
  return shared === NONE ? undefined : shared;
}
