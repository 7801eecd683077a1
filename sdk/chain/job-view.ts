import type { ContentDigest } from "../protocol/content-id.ts";
import { openingPeriod, type JobParams } from "../protocol/job-params.ts";
import type { Phase } from "../protocol/phases.ts";

/**
 * A job at one block, as seen by one account: the input of a worker's decisions. Times in seconds, amounts in smallest
 * units.
 */
export interface JobView {
  readonly jobId: bigint;
  /** The block that the view was read at. */
  readonly block: number;
  /** Timestamp of `block`: a worker's only clock. */
  readonly time: number;
  readonly phase: Phase;
  /**
   * Whether the phase is as many blocks deep as was asked for: a shallower reorganisation leaves alone what it rests
   * on.
   */
  readonly isDeep: boolean;
  readonly params: JobParams;
  readonly initiator: string;
  /** Hash of the job's terms, which whoever binds money to the job signs. */
  readonly terms: string;
  readonly cancelled: boolean;
  readonly closed: boolean;
  /** Number of the running or last round; 0 before the first. */
  readonly roundNumber: number;
  readonly members: number;
  readonly modelDigest: ContentDigest;
  readonly modelVersion: number;
  /** Confirmed score, in basis points. */
  readonly best: number;
  /** Round whose release waits for confirmation, 0 for none, and when the newest model was released. */
  readonly pendingRound: number;
  readonly releasedAt: number;
  readonly enlisted: readonly string[];
  /** How many of the list's first validators the running round's draws pick from. */
  readonly drawable: number;
  /** Whether the public shard of a sealed holdout is open: before that nobody can commit an update. */
  readonly publicShardOpen: boolean;
  /** The running or last round; `undefined` before the first. */
  readonly round: RoundView | undefined;
  readonly self: SelfView;
}

/** The reading account's state in the job. */
export interface SelfView {
  readonly account: string;
  /** `undefined` if the account is not a member. */
  readonly member: MemberView | undefined;
  /** Whether it was a member before, and has left. */
  readonly wasMember: boolean;
  readonly isEnlisted: boolean;
  /** Seat index in the running attempt's committee. */
  readonly seat: number | undefined;
}

export interface MemberView {
  readonly since: number;
  readonly lastCommitted: number;
  /** Number of its commitments in round `lastCommitted`. */
  readonly commitments: number;
  /** Place in that round's order of commitments, from 0. */
  readonly order: number;
  readonly lastRevealed: number;
  readonly leaving: number;
  /** Whether it sealed an update and did not disclose it in time: it takes part no more, and its bond burns. */
  readonly hasForfeited: boolean;
  /** Whether the next round waits for it: it missed no full round since it last committed or joined. */
  readonly isExpected: boolean;
  /** Order of joining; selects the member's part of the data. */
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
  /** Key of the round's sealed holdout, 32 bytes hexadecimal; `undefined` until published. */
  readonly holdoutKey: string | undefined;
  readonly updates: readonly UpdateView[];
  /** Whether a transaction showed that the chain ran in the last third of Disclosure. */
  readonly witnessed: boolean;
  /** The same of the time in which the round's shard is to be opened. */
  readonly openingWitnessed: boolean;
  /** `undefined` before the first draw. */
  readonly committee: CommitteeView | undefined;
  readonly result: RoundResultView;
}

export type RoundOutcome = "running" | "empty" | "settled" | "failed";

export interface UpdateView {
  readonly trainer: string;
  /** Zeros once the trainer has sealed its next update or has left: then the event `UpdateRevealed` has it. */
  readonly digest: ContentDigest;
  /** Place in the round's order of commitments. */
  readonly order: number;
  /** Whether an earlier commitment had the same bytes. */
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
  readonly seed: string;
  /** When the first attempt failed, for the second one; 0 for the first. */
  readonly dueSince: number;
  readonly drawnAt: number;
  readonly scoringEnd: number;
  readonly revealEnd: number;
  readonly attestationEnd: number;
  /** Whether a transaction showed that the chain ran in the last third of Scoring, and of Reveal. */
  readonly scoringWitnessed: boolean;
  readonly revealWitnessed: boolean;
  /**
   * Scores that a vector has, one for each update, and those whose consensus is computed. In a confirming round there
   * is one, the released model's.
   */
  readonly updates: number;
  readonly tallied: number;
  /** Whether the one number scored is the accuracy of the released model: a confirming round. */
  readonly judgesRelease: boolean;
  /** Whether score vectors include the readability of the sealed holdout, and a cluster label for each update. */
  readonly judgesHoldout: boolean;
  readonly clusters: boolean;
  /** Whether score vectors end in a fingerprint of the computation. */
  readonly fingerprints: boolean;
  readonly outcome: "running" | "settled" | "failed";
  readonly seats: readonly SeatView[];
  /** Consensus of the tallied updates, in score units. */
  readonly consensus: readonly number[];
  /** Cluster of the tallied updates; empty without clusters. */
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
  /** Revealed fingerprint of the computation, and whether the seat counts: another seat revealed the same one. */
  readonly fingerprint: number;
  readonly counts: boolean;
  /** Whether it attested the winning model. */
  readonly hasWon: boolean;
}

/** Whether a job opens no more rounds (`JobLifecycle._isEnding`). */
export function isEnding(view: JobView): boolean {
  const { params } = view;
  if (view.cancelled || view.roundNumber >= params.rounds || view.time >= params.deadline) return true;
  return params.targetScore !== 0 && view.best >= params.targetScore;
}

/** How long a job may wait for a committee or for members before anyone moves it on: the sum of a round's periods. */
export function graceOf({ params }: Pick<JobView, "params">): number {
  const { trainingPeriod, disclosurePeriod, scoringPeriod, revealPeriod, attestationPeriod, settlementPeriod } = params;
  return trainingPeriod + disclosurePeriod + scoringPeriod + revealPeriod + attestationPeriod + settlementPeriod;
}

/** Whether a release has waited for its confirmation as long as a round lasts (`JobLifecycle._isOverdue`). */
export function isOverdue(view: JobView): boolean {
  const isPending = view.params.milestones.length > 0 && view.pendingRound !== 0;
  return isPending && view.time >= view.releasedAt + graceOf(view);
}

/** Whether the initiator has to open the public shard, which shows what all of them hold, before anyone commits. */
export function isPublicShardDue({ params, publicShardOpen }: Pick<JobView, "params" | "publicShardOpen">): boolean {
  return params.holdout === "sealed" && !publicShardOpen;
}

/** Until when the initiator can open the round's shard; exclusive, in seconds (`TrainingRounds._isHoldoutDue`). */
export function openingEnd(round: RoundView, params: Pick<JobParams, "holdout" | "disclosurePeriod">): number {
  return round.disclosureEnd + openingPeriod(params);
}

/** Whether the round's shard is to be opened now: no committee can be drawn meanwhile. */
export function isHoldoutDue({ params, phase, round, time }: JobView): boolean {
  if (params.holdout !== "sealed" || phase !== "draw" || round === undefined) return false;
  return !round.confirming && round.holdoutKey === undefined && time < openingEnd(round, params);
}

/** Since when a draw is due (`JobLifecycle._closeUndrawn`). */
export function drawDueSince({ round }: Pick<JobView, "round">): number {
  if (round === undefined) return 0;
  const failedAt = round.committee?.dueSince ?? 0;
  if (failedAt !== 0) return failedAt;
  return round.confirming ? round.trainingStart : round.disclosureEnd;
}

/** The time from which an attempt that nothing settled may be failed. */
export function settlementEnd(view: JobView, committee: CommitteeView): number {
  return committee.attestationEnd + view.params.settlementPeriod;
}
