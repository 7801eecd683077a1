import { CommonweightError } from "../errors.ts";
import type { JobParams } from "./job-params.ts";
import { BPS } from "./limits.ts";

// The mirror of `contracts/libraries/Phases.sol` and `contracts/types/Phase.sol`: which phase follows from the stored
// facts at a time. Intervals are half open, `[start, end)`; all times are in seconds.

/** Where a job stands. A name's place is its number on chain. */
export const PHASES = [
  "none",
  "waiting",
  "training",
  "disclosure",
  "draw",
  "scoring",
  "reveal",
  "tally",
  "attestation",
  "settlement",
  "closed",
] as const;

export type Phase = (typeof PHASES)[number];

/** The facts that a round's phases follow from. */
export interface RoundFacts {
  readonly trainingEnd: number;
  readonly disclosureEnd: number;
  readonly committed: number;
  readonly revealed: number;
  /** True for a round without Training, which confirms the score of the released model. */
  readonly confirming: boolean;
  readonly outcome: "running" | "empty" | "settled" | "failed";
}

/** The facts that the end of a round's Training follows from. */
export interface TrainingFacts {
  readonly trainingStart: number;
  readonly trainingEnd: number;
  readonly disclosureEnd: number;
  /** Members waited for, and how many of them committed. */
  readonly expected: number;
  readonly expectedCommitted: number;
  /** All who committed. */
  readonly committed: number;
  /** True once Training closed before its deadline, and once the deadline was put off. */
  readonly closedEarly: boolean;
  readonly extended: boolean;
  readonly confirming: boolean;
}

/** What the end of Training depends on beside a round's facts. Periods in seconds. */
export type TrainingTerms = Pick<JobParams, "sync" | "minTraining" | "trainingPeriod" | "releaseCount" | "releaseBps">;

/** The facts that an attempt's phases follow from. */
export interface CommitteeFacts {
  /** 0 until the committee is drawn. */
  readonly drawnAt: number;
  readonly scoringEnd: number;
  readonly revealEnd: number;
  /** 0 until the tally is complete. */
  readonly attestationEnd: number;
  readonly committed: number;
}

/**
 * Gives the phase that a contract names by a number.
 *
 * @throws CONTRACT_UNKNOWN_VALUE
 */
export function phaseOf(number: bigint | number): Phase {
  const phase = PHASES[Number(number)];
  if (phase !== undefined) return phase;
  throw new CommonweightError(
    "CONTRACT_UNKNOWN_VALUE",
    `the contract answers with the unknown phase ${number}`,
    "The deployment is of another version: use the program that it was deployed with.",
  );
}

/** Gives where a round stands before its committee is drawn, or `draw` once that is the committee's affair. */
export function roundPhase(round: RoundFacts, time: number): Phase {
  if (round.outcome !== "running") return "waiting";
  if (round.confirming) return "draw";
  if (time < round.trainingEnd) return "training";
  if (round.committed === 0) return "waiting";
  if (time < round.disclosureEnd) return "disclosure";
  return round.revealed === 0 ? "waiting" : "draw";
}

/**
 * Whether a time lies in the last third of a phase: a transaction in it shows that the chain ran, so that silence can be
 * slashed.
 */
export function isLate(start: number, end: number, time: number): boolean {
  return time < end && 3 * (end - time) <= end - start;
}

/** Gives where an attempt stands. `settlement` lasts until the attempt is settled or, after its end, failed. */
export function committeePhase(committee: CommitteeFacts, time: number): Phase {
  if (committee.drawnAt === 0) return "draw";
  if (time < committee.scoringEnd) return "scoring";
  if (time < committee.revealEnd && committee.committed > 0) return "reveal";
  if (committee.attestationEnd === 0) return "tally";
  return time < committee.attestationEnd ? "attestation" : "settlement";
}

/**
 * Gives a round's facts as of `time`, with the extension that stale synchronous Training has if some of the expected
 * are missing at its deadline: period x missing / expected, rounded down, once (Ghanem et al. 2021).
 */
export function factsAsOf<Facts extends TrainingFacts>(round: Facts, terms: TrainingTerms, time: number): Facts {
  const due = terms.sync === "ssp" && !round.extended && !round.closedEarly && !round.confirming;
  if (!due || time < round.trainingEnd) return round;
  const missing = Math.max(0, round.expected - round.expectedCommitted);
  const extension = missing === 0 ? 0 : Math.floor((terms.trainingPeriod * missing) / round.expected);
  return {
    ...round,
    extended: true,
    trainingEnd: round.trainingEnd + extension,
    disclosureEnd: round.disclosureEnd + extension,
  };
}

/**
 * Gives when Training ends now that `round` has changed: at once, but not before `minTraining`, if enough have
 * committed, else as before.
 */
export function earlyEnd(round: TrainingFacts, terms: TrainingTerms, time: number): number {
  if (round.closedEarly || !isComplete(round, terms)) return round.trainingEnd;
  return Math.min(Math.max(round.trainingStart + terms.minTraining, time), round.trainingEnd);
}

/**
 * Whether enough members have committed: everyone expected or, barrierless, the share or the number that the job names
 * (Ghanem et al. 2021, BSP, SSP and BAP).
 */
export function isComplete(round: TrainingFacts, terms: TrainingTerms): boolean {
  if (round.expected !== 0 && round.expectedCommitted >= round.expected) return true;
  if (terms.sync !== "bap") return false;
  if (terms.releaseCount !== 0 && round.committed >= terms.releaseCount) return true;
  return round.expected !== 0 && round.committed * BPS >= terms.releaseBps * round.expected;
}
