import { pluralityOf } from "./clusters.ts";
import { BPS } from "./limits.ts";
import { INVALID, UNAVAILABLE } from "./scores.ts";

// The mirror of `contracts/libraries/Consensus.sol`: what a committee agrees on for an update.

/** Agreement of a score that equals the consensus. */
export const FULL_AGREEMENT = BPS;

/** Half the band's width, in upper medians of the distances. */
const BAND_WIDTH = 4;
const MIN_QUORUM = 3;

/** No majority for a number, nor for a void. */
const UNDECIDED: Verdict = { median: UNAVAILABLE, band: 0, decided: false };

/** No fingerprint. */
const NONE = -1;

/** What a committee says of one update. */
export interface Verdict {
  /** Lower median of the scores that are numbers, in score units; void without a majority for a number. */
  readonly median: number;
  /** Half the width of the band around the median, in score units; 0 if the median is void. */
  readonly band: number;
  /** Whether there is a majority for a number or for a void. */
  readonly decided: boolean;
}

type Band = Pick<Verdict, "median" | "band">;

/** What a verdict depends on beside the scores. */
export interface VerdictRule {
  /** Seats of the committee, silent ones too. */
  readonly seats: number;
  /** Narrowest band, in score units, at least 1. */
  readonly tolerance: number;
  /** Widest band, in score units; the same on a common holdout, where honest scores agree to the unit. */
  readonly maxTolerance: number;
  /** Whether all validators score on the same holdout. */
  readonly common: boolean;
}

/** Whether a score is one of the void markers, `INVALID` and `UNAVAILABLE`. */
export function isVoid(score: number): boolean {
  return score <= UNAVAILABLE;
}

/**
 * Gives what a committee says of one update. Majorities are of all its seats, silent ones too, so that half of a
 * committee decides nothing, whoever is absent.
 *
 * Void where more than half of the seats say so: `INVALID` where as many say just that, else `UNAVAILABLE`. A number,
 * the lower median of the scores that are numbers, where more than half of the seats give a number or, on a common
 * holdout, a number within the band. Otherwise undecided. The band is 4 x the *upper* median of |s - median| over the
 * numbers, clamped to `[tolerance, maxTolerance]`.
 *
 * The median absolute deviation is the most robust measure of spread: its breakdown point is one half (Rousseeuw &
 * Croux 1993).
 *
 * @param scores 16-bit numbers, of the seats that count
 */
export function verdictOf(scores: readonly number[], rule: VerdictRule): Verdict {
  const isMajority = (count: number) => 2 * count > rule.seats;
  if (isMajority(scores.filter(isVoid).length)) {
    const isInvalid = isMajority(scores.filter((score) => score === INVALID).length);
    return { median: isInvalid ? INVALID : UNAVAILABLE, band: 0, decided: true };
  }
  const numbers = scores.filter((score) => !isVoid(score)).toSorted(ascending);
  if (!isMajority(numbers.length)) return UNDECIDED;
  const median = at(numbers, Math.floor((numbers.length - 1) / 2));
  const distances = numbers.map((score) => distance(score, median));
  const deviation = at(distances.toSorted(ascending), Math.floor(distances.length / 2));
  const band = Math.min(Math.max(BAND_WIDTH * deviation, rule.tolerance), rule.maxTolerance);
  const isDecided = !rule.common || isMajority(distances.filter((far) => far <= band).length);
  return isDecided ? { median, band, decided: true } : UNDECIDED;
}

/** Gives 10,000 x max(0, 1 - |score - median| / band), rounded up by less than one. */
export function agreement(score: number, { median, band }: Band): number {
  const loss = Math.floor((FULL_AGREEMENT * distance(score, median)) / band);
  return loss >= FULL_AGREEMENT ? 0 : FULL_AGREEMENT - loss;
}

/** Whether a score that is a number lies within the band. */
export function isInBand(score: number, { median, band }: Band): boolean {
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

/** Whether silent seats are slashed: where most of them are silent the chain itself may have stood still. */
export function isSilenceSlashed(revealed: number, seats: number): boolean {
  return 2 * revealed > seats;
}

/** Whether so many seats say the same that one which computed it and says otherwise is slashed: two thirds of all. */
export function isProof(agreeing: number, seats: number): boolean {
  return 3 * agreeing >= 2 * seats;
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
