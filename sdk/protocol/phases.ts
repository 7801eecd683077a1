import { CommonweightError } from "../errors.ts";
import type { JobParams } from "./job-params.ts";
import { BPS } from "./limits.ts";

// Mirror of `contracts/libraries/Phases.sol` and `contracts/types/Phase.sol`: derives the phase from stored facts and
// the time. Intervals are half open, `[start, end)`; all times are in seconds.

/** A job's phases. A name's index is its number on chain. */
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

/** Phases that only a transaction ends: time leads neither out of `waiting` (`roundPhase`) nor out of `closed`. */
export const TIMELESS: ReadonlySet<Phase> = new Set<Phase>(["waiting", "closed"]);

/** Facts that determine a round's phase. */
export interface RoundFacts {
  readonly trainingEnd: number;
  readonly disclosureEnd: number;
  readonly committed: number;
  readonly revealed: number;
  /** True for a round without Training, which confirms the score of the released model. */
  readonly confirming: boolean;
  readonly outcome: "running" | "empty" | "settled" | "failed";
}

/** Facts that determine the end of a round's Training. */
export interface TrainingFacts {
  readonly trainingStart: number;
  readonly trainingEnd: number;
  readonly disclosureEnd: number;
  /** Number of members that the round waits for, and of those among them that committed. */
  readonly expected: number;
  readonly expectedCommitted: number;
  /** Number of members that committed, expected or not. */
  readonly committed: number;
  /** Whether Training closed before its deadline, and whether the deadline was extended. */
  readonly closedEarly: boolean;
  readonly extended: boolean;
  readonly confirming: boolean;
}

/** Job parameters that determine the end of Training. Periods in seconds. */
export type TrainingTerms = Pick<JobParams, "sync" | "minTraining" | "trainingPeriod" | "releaseCount" | "releaseBps">;

/** Facts that determine an attempt's phase. */
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
 * Returns the phase with the contract's number.
 *
 * @throws CONTRACT_UNKNOWN_VALUE
 */
export function phaseOf(number: bigint | number): Phase {
  const phase = PHASES[Number(number)];
  if (phase !== undefined) return phase;
  throw new CommonweightError(
    "CONTRACT_UNKNOWN_VALUE",
    `the contract returned the unknown phase ${number}`,
    "The deployment has another version: use the program version that deployed it.",
  );
}

/** Returns a round's phase up to `draw`; from then on, `committeePhase` returns it. */
export function roundPhase(round: RoundFacts, time: number): Phase {
  if (round.outcome !== "running") return "waiting";
  if (round.confirming) return "draw";
  if (time < round.trainingEnd) return "training";
  if (round.committed === 0) return "waiting";
  if (time < round.disclosureEnd) return "disclosure";
  return round.revealed === 0 ? "waiting" : "draw";
}

/**
 * Whether a time lies in the last third of a phase: a transaction in it shows that the chain ran, so that silence can
 * be slashed.
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
 * Returns a round's facts as of `time`. Stale synchronous Training extends once if expected members are missing at its
 * deadline: by period x missing / expected, rounded down (Ghanem et al. 2021).
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
 * Returns the end of Training after a change of `round`: if enough members have committed, `time` or, if later, the end
 * of `minTraining`; else unchanged.
 */
export function earlyEnd(round: TrainingFacts, terms: TrainingTerms, time: number): number {
  if (round.closedEarly || !isComplete(round, terms)) return round.trainingEnd;
  return Math.min(Math.max(round.trainingStart + terms.minTraining, time), round.trainingEnd);
}

/**
 * Whether rounds wait for a member: it missed no round that ran to its deadline since it last committed or joined
 * (`Attendance.isExpected`).
 *
 * @param lastFullRound last round whose Training ran to its deadline; 0 for none
 */
export function isExpected(
  { since, lastCommitted }: { readonly since: number; readonly lastCommitted: number },
  lastFullRound: number,
): boolean {
  return lastCommitted >= lastFullRound || since > lastFullRound;
}

/**
 * Whether enough members have committed: all expected ones or, under BAP, the job's release count or ratio (Ghanem et
 * al. 2021: BSP, SSP and BAP).
 */
export function isComplete(round: TrainingFacts, terms: TrainingTerms): boolean {
  if (round.expected !== 0 && round.expectedCommitted >= round.expected) return true;
  if (terms.sync !== "bap") return false;
  if (terms.releaseCount !== 0 && round.committed >= terms.releaseCount) return true;
  return round.expected !== 0 && round.committed * BPS >= terms.releaseBps * round.expected;
}
