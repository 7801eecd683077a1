import { agreement, countingSeats, isInBand, isVoid, sharedFingerprint, verdictOf } from "../protocol/consensus.ts";
import type { JobParams } from "../protocol/job-params.ts";
import type { CommitteeView, RoundView, SeatView } from "./job-view.ts";
import { BPS } from "../protocol/limits.ts";
import { pluralityOf, shareWeights } from "../protocol/clusters.ts";
import { addShares, deviationSlash, earnedAt, shareOf, weightOf } from "../protocol/payouts.ts";

/** On-chain data of a round that determine its scores and pay. Amounts in the token's smallest unit. */
export interface RoundRecord {
  readonly params: JobParams;
  readonly round: RoundView;
  readonly attempts: readonly AttemptRecord[];
  /** Confirmed score before and after the round's confirmation, in basis points; `undefined` before it. */
  readonly confirmed: { readonly before: number; readonly after: number } | undefined;
  /** Credited pay by update. */
  readonly paidUpdates: ReadonlyMap<number, bigint>;
}

/** One committee's scores and what the chain paid for them. */
export interface AttemptRecord {
  readonly committee: CommitteeView;
  /** Scores by seat, one for each update; `undefined` if the seat revealed none. */
  readonly scores: readonly (readonly number[] | undefined)[];
  /** Labels by seat, one for each update; `undefined` if the seat revealed none or without clusters. */
  readonly labels: readonly (readonly number[] | undefined)[];
  readonly pay: { readonly quality: bigint; readonly attestation: bigint };
  /** Each seat's pay on chain. */
  readonly amounts: readonly bigint[];
  /** Slashed stake by validator. */
  readonly slashed: ReadonlyMap<string, bigint>;
}

/** The derivation of an update's pay. */
export interface ExplainedUpdate {
  readonly index: number;
  readonly trainer: string;
  readonly scores: readonly (number | undefined)[];
  readonly median: number;
  readonly band: number;
  readonly isVoid: boolean;
  readonly isCopy: boolean;
  readonly weight: bigint;
  readonly pay: bigint;
  readonly isCredited: boolean;
}

/** The derivation of a seat's pay. */
export interface ExplainedSeat {
  readonly seat: number;
  readonly validator: string;
  /** Committed, revealed, attested the model that won. */
  readonly acts: {
    readonly committed: boolean;
    readonly revealed: boolean;
    readonly attested: boolean;
    readonly won: boolean;
  };
  /** Whether another seat revealed the same fingerprint; a seat that does not count earns nothing. */
  readonly counts: boolean;
  readonly numeric: number;
  readonly inBand: number;
  /** Sum of 10,000 x (1 - distance / band) over the updates that are not void. */
  readonly agreement: number;
  readonly pay: bigint;
  readonly slashed: bigint;
  /** Slash by the rules: the whole lock for silence, a share of it for deviation. */
  readonly expectedSlash: bigint;
}

export interface ExplainedAttempt {
  readonly attempt: number;
  readonly outcome: CommitteeView["outcome"];
  readonly qualityBudget: bigint;
  readonly attestationBudget: bigint;
  readonly updates: readonly ExplainedUpdate[];
  readonly seats: readonly ExplainedSeat[];
}

/** A round's pay, recomputed from the revealed scores. */
export interface ExplainedRound {
  readonly round: number;
  readonly confirming: boolean;
  readonly outcome: RoundView["outcome"];
  readonly modelVersion: number;
  readonly baseScore: number;
  readonly score: number;
  readonly confirmed: RoundRecord["confirmed"];
  readonly trainerPay: bigint;
  readonly totalWeight: number;
  readonly attempts: readonly ExplainedAttempt[];
  /** Computed values that differ from the chain's; empty if the chain paid by its rules. */
  readonly differences: readonly string[];
}

/** Recomputes a round's scores and pay from the revealed scores, and compares them with the chain's. Pure. */
export function explainRound(record: RoundRecord): ExplainedRound {
  const { params, round, confirmed } = record;
  const differences: string[] = [];
  const check = (what: string, computed: bigint | number, actual: bigint | number) => {
    if (BigInt(computed) !== BigInt(actual)) differences.push(`${what}: computed ${computed}, on chain ${actual}`);
  };
  const attempts = record.attempts.map((attempt) => explainAttempt(record, attempt, check));
  const settled = attempts.find(({ attempt }) => attempt === round.result.attempt);
  const weight = settled?.updates.reduce((sum, update) => sum + update.weight, 0n) ?? 0n;
  if (settled !== undefined && !round.confirming) check("total weight", weight, round.result.totalWeight);
  check("trainers' pay", expectedTrainerPay(params, round, confirmed), round.result.trainerPay);
  return {
    round: round.number,
    confirming: round.confirming,
    outcome: round.outcome,
    modelVersion: round.result.modelVersion,
    baseScore: round.result.baseScore,
    score: round.result.score,
    confirmed,
    trainerPay: round.result.trainerPay,
    totalWeight: round.result.totalWeight,
    attempts,
    differences,
  };
}

/** An attempt, with its counting seats and their most frequent fingerprint. */
type CountedAttempt = AttemptRecord & {
  readonly counting: readonly boolean[];
  readonly shared: number | undefined;
};

type Check = (what: string, computed: bigint | number, actual: bigint | number) => void;

function explainAttempt(record: RoundRecord, attempt: AttemptRecord, check: Check): ExplainedAttempt {
  const { committee, pay } = attempt;
  const fingerprints = committee.seats.map((seat) => (seat.hasRevealed ? seat.fingerprint : undefined));
  const counted = { ...attempt, counting: countingSeats(fingerprints), shared: sharedFingerprint(fingerprints) };
  const isTallied = committee.attestationEnd !== 0;
  const name = `attempt ${committee.attempt}`;
  const updates = explainUpdates(record, counted, check);
  const seats = explainSeats(record, counted, updates);
  for (const {
    seat,
    validator,
    counts,
    numeric,
    inBand,
    agreement: sum,
    pay: amount,
    slashed,
    expectedSlash,
  } of seats) {
    const view = committee.seats[seat];
    if (view === undefined) continue;
    if (isTallied) check(`${name}, ${validator}: counts`, Number(counts), Number(view.counts));
    check(`${name}, ${validator}: numbers given`, numeric, view.numeric);
    check(`${name}, ${validator}: in band`, inBand, view.inBand);
    check(`${name}, ${validator}: agreement`, sum, view.agreement);
    check(`${name}, ${validator}: pay`, amount, attempt.amounts[seat] ?? 0n);
    check(`${name}, ${validator}: slashed`, expectedSlash, slashed);
  }
  const { attempt: number, outcome } = committee;
  return {
    attempt: number,
    outcome,
    qualityBudget: pay.quality,
    attestationBudget: pay.attestation,
    updates,
    seats,
  };
}

function explainUpdates(record: RoundRecord, attempt: CountedAttempt, check: Check): readonly ExplainedUpdate[] {
  const { params, round, paidUpdates } = record;
  const { committee, scores, counting } = attempt;
  const isSettling = committee.attempt === round.result.attempt && !round.confirming;
  const tallied = round.updates.slice(0, committee.tallied);
  const verdicts = tallied.map((_, index) => {
    const given = scores.flatMap((own, seat) => (counting[seat] === true ? (own?.[index] ?? []) : []));
    // Without counting seats nothing is tallied.
    const verdict = given.length === 0 ? UNTALLIED : verdictOf(given, params.tolerance, params.maxTolerance);
    check(`update ${index}: consensus`, verdict.median, committee.consensus[index] ?? 0);
    return verdict;
  });
  const own = tallied.map(({ isCopy }, index) => (isCopy ? 0n : weightOf(verdicts[index]?.median ?? 0, params)));
  const weights = committee.clusters ? shareWeights(own, labelsOf(attempt, tallied.length, check)) : own;
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  let upTo = 0n;
  return tallied.map(({ trainer, isCopy }, index) => {
    const { median, band } = verdicts[index] ?? { median: 0, band: 0 };
    const before = upTo;
    upTo += weights[index] ?? 0n;
    const pay = isSettling && total > 0n ? shareOf(round.result.trainerPay, before, upTo, total) : 0n;
    const paid = isSettling ? paidUpdates.get(index) : undefined;
    if (paid !== undefined) check(`update ${index}: pay`, pay, paid);
    return {
      index,
      trainer,
      scores: scores.map((own) => own?.[index]),
      median,
      band,
      isVoid: isVoid(median),
      isCopy,
      weight: weights[index] ?? 0n,
      pay,
      isCredited: paid !== undefined,
    };
  });
}

/** Each update's cluster: the most frequent label among the counting seats. */
function labelsOf({ committee, labels, counting }: CountedAttempt, updates: number, check: Check): readonly number[] {
  return Array.from({ length: updates }, (_, index) => {
    const label = pluralityOf(
      labels.flatMap((given, seat) => (counting[seat] === true ? (given?.[index] ?? []) : [])),
      index,
    );
    check(`update ${index}: cluster`, label, committee.labels[index] ?? 0);
    return label;
  });
}

function explainSeats(
  { params }: RoundRecord,
  { committee, scores, pay, slashed, counting, shared }: CountedAttempt,
  updates: readonly ExplainedUpdate[],
): readonly ExplainedSeat[] {
  const sound = updates.filter((update) => !update.isVoid);
  const measured = committee.seats.map((_, seat) => {
    if (counting[seat] !== true) return NOTHING_GIVEN;
    const pairs = sound.flatMap((update) => {
      const score = scores[seat]?.[update.index];
      return score === undefined || isVoid(score) ? [] : [{ score, verdict: update }];
    });
    return {
      numeric: pairs.length,
      inBand: pairs.filter(({ score, verdict }) => isInBand(score, verdict)).length,
      agreement: pairs.reduce((sum, { score, verdict }) => sum + agreement(score, verdict), 0),
    };
  });
  const quality = committee.seats.map((_, seat) => {
    const { numeric, inBand, agreement: sum } = measured[seat] ?? NOTHING_GIVEN;
    if (counting[seat] !== true) return 0n;
    if (committee.outcome === "failed" || sound.length === 0) return 1n;
    return 2 * inBand >= numeric ? BigInt(sum) : 0n;
  });
  const won = committee.seats.map(({ hasWon }, seat) => (hasWon && counting[seat] === true ? 1n : 0n));
  const none = committee.seats.map(() => 0n);
  const amounts = addShares(addShares(none, pay.quality, quality), pay.attestation, won);
  const deviating = measured.filter(({ numeric, inBand }) => 2 * inBand < numeric).length;
  const isSure = 3 * deviating <= counting.filter(Boolean).length;
  return committee.seats.map((seat, index) => {
    const own = measured[index] ?? NOTHING_GIVEN;
    const isProven = isSure && seat.fingerprint === shared;
    return {
      seat: index,
      validator: seat.validator,
      acts: {
        committed: seat.hasCommitted,
        revealed: seat.hasRevealed,
        attested: seat.hasAttested,
        won: seat.hasWon,
      },
      counts: counting[index] === true,
      ...own,
      pay: amounts[index] ?? 0n,
      slashed: slashed.get(seat.validator) ?? 0n,
      expectedSlash: slashOf(params, committee, seat, isProven ? own : NOTHING_GIVEN),
    };
  });
}

const UNTALLIED = { median: 0, band: 0 };
const NOTHING_GIVEN = { numeric: 0, inBand: 0, agreement: 0 };

/**
 * Expected slash of a seat. Silence costs the whole lock once the tally is complete or the attempt failed. Deviation is
 * slashed on common holdouts, if two thirds of the counting seats agree and the seat has the shared fingerprint.
 */
function slashOf(
  { seatLock, holdout }: JobParams,
  { attestationEnd, outcome }: CommitteeView,
  { hasRevealed }: SeatView,
  { numeric, inBand }: { readonly numeric: number; readonly inBand: number },
): bigint {
  const isTallied = attestationEnd !== 0;
  if (!hasRevealed) return isTallied || outcome === "failed" ? seatLock : 0n;
  return isTallied && holdout !== "own" ? deviationSlash(seatLock, inBand, numeric) : 0n;
}

function expectedTrainerPay(params: JobParams, round: RoundView, confirmed: RoundRecord["confirmed"]): bigint {
  const trainers = params.reward - (params.reward * BigInt(params.validatorShareBps)) / BigInt(BPS);
  if (params.milestones.length === 0) {
    const isPaid = round.outcome === "settled" && !round.confirming && round.result.totalWeight > 0;
    return isPaid ? trainers / BigInt(params.rounds) : 0n;
  }
  if (confirmed === undefined) return 0n;
  const earned = (score: number) => earnedAt(params.milestones, trainers, score, params.margin);
  return earned(confirmed.after) - earned(confirmed.before);
}
