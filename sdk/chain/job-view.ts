import type { ContentDigest } from "../protocol/content-id.ts";
import type { JobParams } from "../protocol/job-params.ts";
import type { Phase } from "../protocol/phases.ts";

/**
 * A job as one block shows it to one account: all that a worker decides by. Times in seconds, amounts in smallest
 * units.
 */
export interface JobView {
  readonly jobId: bigint;
  /** The block that everything here was read at. */
  readonly block: number;
  /** Its timestamp: the only clock that a worker goes by. */
  readonly time: number;
  readonly phase: Phase;
  /**
   * Whether the phase is as many blocks deep as was asked for: a shallower reorganisation leaves alone what it rests
   * on.
   */
  readonly isDeep: boolean;
  readonly params: JobParams;
  readonly initiator: string;
  readonly cancelled: boolean;
  readonly closed: boolean;
  /** Number of the running or last round; 0 before the first. */
  readonly roundNumber: number;
  readonly members: number;
  readonly modelDigest: ContentDigest;
  readonly modelVersion: number;
  /** Confirmed score, in basis points. */
  readonly best: number;
  readonly enlisted: readonly string[];
  /** The running or last round; `undefined` before the first. */
  readonly round: RoundView | undefined;
  readonly self: SelfView;
}

/** What a job knows of the account that reads it. */
export interface SelfView {
  readonly account: string;
  /** `undefined` for no member. */
  readonly member: MemberView | undefined;
  readonly isEnlisted: boolean;
  /** Its place in the committee of the running attempt. */
  readonly seat: number | undefined;
}

export interface MemberView {
  readonly since: number;
  readonly lastCommitted: number;
  /** How often it committed in that round. */
  readonly commitments: number;
  readonly lastRevealed: number;
  readonly leaving: number;
  /** Order of joining: which part of the data is its own. */
  readonly number: number;
}

export interface RoundView {
  readonly number: number;
  readonly confirming: boolean;
  readonly outcome: RoundOutcome;
  readonly trainingStart: number;
  readonly trainingEnd: number;
  readonly disclosureEnd: number;
  readonly committed: number;
  readonly revealed: number;
  /** Key of the round's sealed holdout, 32 bytes hexadecimal; `undefined` where it is not published. */
  readonly holdoutKey: string | undefined;
  readonly updates: readonly UpdateView[];
  /** `undefined` before the draw is armed. */
  readonly committee: CommitteeView | undefined;
  readonly result: RoundResultView;
}

export type RoundOutcome = "running" | "empty" | "settled" | "failed";

export interface UpdateView {
  readonly trainer: string;
  readonly digest: ContentDigest;
  /** Place in the round's order of commitments. */
  readonly order: number;
  /** True where an earlier commitment had the same bytes. */
  readonly isCopy: boolean;
}

export interface RoundResultView {
  readonly attempt: number;
  readonly baseScore: number;
  readonly score: number;
  readonly modelVersion: number;
  readonly modelDigest: ContentDigest;
  readonly trainerPay: bigint;
  readonly totalWeight: number;
  /** Bit j: update j's pay is credited. */
  readonly credited: bigint;
}

export interface CommitteeView {
  /** 1 or 2. */
  readonly attempt: number;
  readonly seedBlock: number;
  readonly seed: string;
  readonly drawnAt: number;
  readonly scoringEnd: number;
  readonly revealEnd: number;
  readonly attestationEnd: number;
  /** Updates that it scores, and those whose consensus is computed. */
  readonly updates: number;
  readonly tallied: number;
  /** Whether score vectors say if the sealed holdout could be read, and name each update's cluster. */
  readonly judgesHoldout: boolean;
  readonly clusters: boolean;
  /** Whether score vectors end in a fingerprint of the computation. */
  readonly fingerprints: boolean;
  readonly outcome: "running" | "settled" | "failed";
  readonly seats: readonly SeatView[];
  /** Consensus of the tallied updates, in score units. */
  readonly consensus: readonly number[];
  /** Cluster of the tallied updates; empty where weights are not shared. */
  readonly labels: readonly number[];
}

export interface SeatView {
  readonly validator: string;
  readonly hasCommitted: boolean;
  readonly hasRevealed: boolean;
  readonly hasAttested: boolean;
  readonly numeric: number;
  readonly inBand: number;
  readonly agreement: number;
  /** What it revealed as its computation's fingerprint, and whether another seat did as well: only then it counts. */
  readonly fingerprint: number;
  readonly counts: boolean;
  /** True where it attested the model that won. */
  readonly hasWon: boolean;
}

/** Whether a job opens no more rounds (`JobLifecycle._isEnding`). */
export function isEnding(view: JobView): boolean {
  const { params } = view;
  if (view.cancelled || view.roundNumber >= params.rounds || view.time >= params.deadline) return true;
  return params.targetScore !== 0 && view.best >= params.targetScore;
}

/** The time from which an attempt that nothing settled may be failed. */
export function settlementEnd(view: JobView, committee: CommitteeView): number {
  return committee.attestationEnd + view.params.settlementPeriod;
}
