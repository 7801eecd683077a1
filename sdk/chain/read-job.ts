import type { Contracts } from "./contracts.ts";
import { isPhaseDeep } from "./depth.ts";
import { CommonweightError } from "../errors.ts";
import { decodeJobParams, type JobParams } from "../protocol/job-params.ts";
import type { CommitteeView, JobView, MemberView, RoundOutcome, RoundView, SeatView } from "./job-view.ts";
import { isExpected, phaseOf, TIMELESS } from "../protocol/phases.ts";

const OUTCOMES: readonly RoundOutcome[] = ["running", "empty", "settled", "failed"];
const ATTEMPT_OUTCOMES = ["running", "settled", "failed"] as const;

/** A block to read at. */
export interface ChainBlock {
  readonly number: number;
  /** In seconds. */
  readonly timestamp: number;
}

/**
 * Reads a job's parameters, which never change.
 *
 * @throws JOB_UNKNOWN no such job
 */
export async function readJobParams(contracts: Contracts, jobId: bigint): Promise<JobParams> {
  const params = await contracts.book.paramsOf(jobId);
  if (params.reward === 0n) throw unknownJob(jobId);
  return decodeJobParams(params);
}

/** A job at `block`, as seen by `account`. */
export interface JobQuery {
  readonly jobId: bigint;
  /** As returned by `readJobParams`. */
  readonly params: JobParams;
  readonly account: string;
  readonly block: ChainBlock;
  /** How many blocks deep, `block` included, the phase has to be for `isDeep`; 1 unless given. */
  readonly confirmations?: number;
}

/** Reads a job: every part at the same block. */
export async function readJob(contracts: Contracts, query: JobQuery): Promise<JobView> {
  const { jobId, params, account, block, confirmations = 1 } = query;
  const at = { blockTag: block.number };
  const [phaseNumber, job, roster, member, enlisted, drawable, terms] = await Promise.all([
    contracts.lifecycle.phaseAt(jobId, block.timestamp, at),
    contracts.lifecycle.jobOf(jobId, at),
    contracts.rounds.rosterOf(jobId, at),
    contracts.rounds.memberOf(jobId, account, at),
    contracts.committees.enlistedOf(jobId, at),
    contracts.committees.drawableCount(jobId, at),
    contracts.book.termsOf(jobId, at),
  ]);
  const roundNumber = Number(roster.round);
  const round = roundNumber === 0 ? undefined : await readRound(contracts, jobId, roundNumber, block);
  const phase = phaseOf(phaseNumber);
  const standing = { jobId, block: block.number, phase, round: roundNumber, attempt: round?.committee?.attempt ?? 0 };
  const seats = round?.committee?.seats ?? [];
  const seat = seats.findIndex(({ validator }) => validator === account);
  return {
    jobId,
    block: block.number,
    time: block.timestamp,
    phase,
    isDeep: await isPhaseDeep(contracts, standing, confirmations),
    params,
    initiator: job.initiator,
    terms,
    cancelled: job.cancelled,
    closed: job.closed,
    roundNumber,
    members: Number(roster.members),
    modelDigest: job.modelDigest,
    modelVersion: Number(job.modelVersion),
    best: Number(job.best),
    pendingRound: Number(job.pendingRound),
    releasedAt: Number(job.releasedAt),
    enlisted,
    drawable: Number(drawable),
    publicShardOpen: roster.publicShardOpen,
    round,
    self: {
      account,
      member: memberView(member, {
        lastFullRound: Number(roster.lastFullRound),
        hasForfeited: await hasForfeited(contracts, jobId, member, block),
      }),
      wasMember: member.former,
      isEnlisted: enlisted.includes(account),
      seat: seat === -1 ? undefined : seat,
    },
  };
}

/**
 * Brings a view to the next block, if that has no transaction: only time went on. `undefined` where time changed more
 * than the phase's age; then `readJob` has to read the job again.
 *
 * @param view of the block's parent
 * @param confirmations as of `readJob`
 */
export async function ageJob(
  contracts: Contracts,
  view: JobView,
  block: ChainBlock,
  confirmations = 1,
): Promise<JobView | undefined> {
  const { jobId, round, roundNumber } = view;
  const phase = TIMELESS.has(view.phase)
    ? view.phase
    : phaseOf(await contracts.lifecycle.phaseAt(jobId, block.timestamp, { blockTag: block.number }));
  // Training may be extended at its end, which changes the round's times but not the phase.
  const isAtTrainingEnd = round !== undefined && view.time < round.trainingEnd && block.timestamp >= round.trainingEnd;
  if (phase !== view.phase || isAtTrainingEnd) return undefined;
  const standing = { jobId, block: block.number, phase, round: roundNumber, attempt: round?.committee?.attempt ?? 0 };
  const isDeep = view.isDeep || (await isPhaseDeep(contracts, standing, confirmations));
  return { ...view, block: block.number, time: block.timestamp, isDeep };
}

/** Reads one round, running or past. */
export async function readRound(
  contracts: Contracts,
  jobId: bigint,
  number: number,
  { number: blockTag, timestamp: time }: ChainBlock,
): Promise<RoundView> {
  const at = { blockTag };
  const [facts, result, [updates, copies], attempt, pay, holdoutKey] = await Promise.all([
    contracts.rounds.roundOf(jobId, number, time, at),
    contracts.lifecycle.resultOf(jobId, number, at),
    contracts.rounds.updatesOf(jobId, number, at),
    contracts.panel.attemptOf(jobId, number, at),
    contracts.market.trainersPayOf(jobId, number, at),
    contracts.book.holdoutKeyOf(jobId, number, at),
  ]);
  const committee =
    attempt === 0n
      ? undefined
      : await readCommittee(contracts, { jobId, round: number, attempt: Number(attempt) }, blockTag);
  return {
    number,
    confirming: facts.confirming,
    outcome: OUTCOMES[Number(facts.outcome)] ?? "running",
    trainingStart: Number(facts.trainingStart),
    trainingEnd: Number(facts.trainingEnd),
    disclosureEnd: Number(facts.disclosureEnd),
    committed: Number(facts.committed),
    revealed: Number(facts.revealed),
    holdoutKey: facts.holdoutOpen ? holdoutKey : undefined,
    witnessed: facts.witnessed,
    openingWitnessed: facts.openingWitnessed,
    updates: updates.map(({ trainer, digest, order }, index) => ({
      trainer,
      digest,
      order: Number(order),
      isCopy: ((copies >> BigInt(index)) & 1n) === 1n,
    })),
    committee,
    result: {
      attempt: Number(result.attempt),
      baseScore: Number(result.baseScore),
      score: Number(result.score),
      modelVersion: Number(result.modelVersion),
      modelDigest: result.modelDigest,
      trainerPay: pay.earned,
      totalWeight: Number(result.totalWeight),
      credited: pay.credited,
    },
  };
}

/** One attempt of a round. */
export interface AttemptId {
  readonly jobId: bigint;
  readonly round: number;
  readonly attempt: number;
}

/** Reads one attempt of a round's committee. */
export async function readCommittee(
  contracts: Contracts,
  { jobId, round, attempt }: AttemptId,
  blockTag: number,
): Promise<CommitteeView> {
  const at = { blockTag };
  const [[committee, seats], consensus, labels, dueSince] = await Promise.all([
    contracts.panel.committeeOf(jobId, round, attempt, at),
    contracts.panel.consensusOf(jobId, round, attempt, at),
    contracts.panel.labelsOf(jobId, round, attempt, at),
    contracts.panel.dueSince(jobId, round, at),
  ]);
  const { facts } = committee;
  return {
    attempt,
    seed: committee.seed,
    dueSince: Number(dueSince),
    scoringWitnessed: committee.scoringWitnessed,
    revealWitnessed: committee.revealWitnessed,
    drawnAt: Number(facts.drawnAt),
    scoringEnd: Number(facts.scoringEnd),
    revealEnd: Number(facts.revealEnd),
    attestationEnd: Number(facts.attestationEnd),
    updates: Number(facts.updates),
    judgesHoldout: facts.judgesHoldout,
    judgesRelease: facts.confirming,
    clusters: facts.clusters,
    fingerprints: facts.fingerprints,
    tallied: Number(facts.tallied),
    outcome: ATTEMPT_OUTCOMES[Number(facts.outcome)] ?? "running",
    consensus: consensus.map(Number),
    labels: labels.map(Number),
    seats: seats.map((seat, index): SeatView => ({
      validator: seat.validator,
      hasCommitted: seat.committed,
      hasRevealed: seat.revealed,
      hasAttested: seat.attested,
      numeric: Number(seat.numeric),
      inBand: Number(seat.inBand),
      agreement: Number(seat.agreement),
      fingerprint: Number(seat.fingerprint),
      counts: ((committee.counting >> BigInt(index)) & 1n) === 1n,
      hasWon: ((committee.winners >> BigInt(index)) & 1n) === 1n,
    })),
  };
}

/** Whether a sealed update was not disclosed, though the chain took transactions (`TrainingRounds._isForfeited`). */
async function hasForfeited(
  { rounds }: Contracts,
  jobId: bigint,
  { lastCommitted, lastRevealed }: { readonly lastCommitted: bigint; readonly lastRevealed: bigint },
  { number: blockTag, timestamp }: ChainBlock,
): Promise<boolean> {
  if (lastCommitted <= lastRevealed) return false;
  const { witnessed, disclosureEnd } = await rounds.roundOf(jobId, lastCommitted, timestamp, { blockTag });
  return witnessed && BigInt(timestamp) >= disclosureEnd;
}

function memberView(
  member: {
    since: bigint;
    lastCommitted: bigint;
    commitments: bigint;
    order: bigint;
    lastRevealed: bigint;
    leaving: bigint;
    number: bigint;
  },
  { lastFullRound, hasForfeited }: { readonly lastFullRound: number; readonly hasForfeited: boolean },
): MemberView | undefined {
  if (member.since === 0n) return undefined;
  const [since, lastCommitted] = [Number(member.since), Number(member.lastCommitted)];
  return {
    since,
    lastCommitted,
    hasForfeited,
    isExpected: isExpected({ since, lastCommitted }, lastFullRound),
    commitments: Number(member.commitments),
    order: Number(member.order),
    lastRevealed: Number(member.lastRevealed),
    leaving: Number(member.leaving),
    number: Number(member.number),
  };
}

function unknownJob(jobId: bigint): CommonweightError {
  return new CommonweightError(
    "JOB_UNKNOWN",
    `there is no job ${jobId} on this market`,
    "`commonweight job list` shows the jobs.",
  );
}
