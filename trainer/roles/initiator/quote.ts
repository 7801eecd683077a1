import { shortPeriodText, type ShortPeriod } from "@commonweight/sdk/chain/depth";
import type { JobFileProblem } from "@commonweight/sdk/job-file/job-file-error";
import { showMoney } from "@commonweight/sdk/job-file/money";
import { BPS, ROBUST_SEATS } from "@commonweight/sdk/protocol/limits";
import { longestPhase, openingPeriod, TIMED_PHASES } from "@commonweight/sdk/protocol/job-params";
import { earnedAt } from "@commonweight/sdk/protocol/payouts";
import type { JobTerms } from "@commonweight/sdk/job-file/resolve-job-file";
import { recognisedGap } from "../../scoring/exam.ts";
import { badShardCases, type BadShardCases } from "./bad-shards.ts";
import { estimateGas, type GasEstimate } from "./gas-table.ts";

/** With fewer samples, measurement noise is paid as progress. */
const SMALL_HOLDOUT = 500;

/** Inputs of a quote. */
export interface QuoteFacts {
  readonly terms: JobTerms;
  /** `undefined` for own holdouts. */
  readonly initialScoreBps: number | undefined;
  readonly holdoutSamples: number;
  /** Number of parts of the data; 0 if trainers use their own. */
  readonly parts: number;
  readonly warnings: readonly JobFileProblem[];
  /** Warnings about the data set. */
  readonly dataWarnings?: readonly string[];
  /** As the function of this name gives it for the gas price that the quote assumes. */
  readonly payBelowGas?: string | undefined;
  /** As `readShortPeriods` gives them for the chain that the job is meant for. */
  readonly shortPeriods: readonly ShortPeriod[];
}

/**
 * A job's cost, longest duration and cost of corruption. Amounts in the token's smallest unit.
 */
export interface Quote {
  readonly reward: bigint;
  /** Burned unless the shard of every round is opened; 0 unless the holdout is sealed. */
  readonly initiatorBond: bigint;
  /** What posting the job takes from the initiator: the reward and its bond. */
  readonly total: bigint;
  readonly trainers: bigint;
  readonly validators: bigint;
  /** Validators' budget for one round. */
  readonly validatorsPerRound: bigint;
  /** Trainers' budget for one round; `undefined` if milestones pay for progress. */
  readonly trainersPerRound: bigint | undefined;
  readonly priceList: readonly PricePoint[];
  readonly phases: readonly PhaseLength[];
  /** Longest durations of a round and of the job, in seconds. */
  readonly longestRound: number;
  readonly longestJob: number;
  readonly initialScoreBps: number | undefined;
  readonly gas: GasEstimate;
  readonly corruption: Corruption;
  /** `undefined` for other holdouts. */
  readonly sealed: SealedHoldout | undefined;
  readonly warnings: readonly string[];
}

/** A sealed holdout's shards, what bad ones save its initiator, and what the initiator risks. */
export interface SealedHoldout {
  /** One a round, and the public one. */
  readonly shards: number;
  readonly samplesPerShard: number;
  /** By how much lower a model's accuracy on a shard is, in basis points, where workers surely recognise it. */
  readonly recognisedGapBps: number;
  /** Longest time in which a round's shard is opened, in seconds. The public one is opened within Training. */
  readonly openingPeriod: number;
  /** Burned whole where a round's shard is not opened. One that is hard, or that nobody can read, leaves it alone. */
  readonly bond: bigint;
  readonly badShards: BadShardCases;
}

/** Total earned once a score is confirmed. */
export interface PricePoint {
  readonly scoreBps: number;
  readonly earned: bigint;
}

export interface PhaseLength {
  readonly phase: string;
  readonly seconds: number;
}

/** Stake of a majority of the seats, and the amounts that it could take or withhold. */
export interface Corruption {
  readonly seats: number;
  readonly majority: number;
  /** Stake that the majority's seats lock. A majority sets the consensus, so it is not slashed for its own scores. */
  readonly stakeNeeded: bigint;
  /** Amount that one captured committee can direct to accounts of its choice. */
  readonly canTakeInOneRound: bigint;
  /** Amount that two captured committees in a row can direct. */
  readonly canTakeInTwoRounds: bigint;
  /** Amount that a captured committee can withhold from the round's honest workers. */
  readonly canWithholdInOneRound: bigint;
}

/**
 * Returns a warning where a round's pay is below the gas that it costs; `undefined` where it is not, or where the token
 * is not the native coin and the two cannot be compared. Pure.
 *
 * @param parts of the data: the number of trainers that a job is made for; 0 for their own data
 * @param weiPerGas of the chain that the job is meant for
 */
export function payBelowGas(
  { terms, parts, isNative }: { readonly terms: JobTerms; readonly parts: number; readonly isNative: boolean },
  weiPerGas: bigint,
): string | undefined {
  if (!isNative) return undefined;
  const gas = estimateGas(terms.committeeSize);
  const validators = (terms.reward * BigInt(terms.validatorShareBps)) / BigInt(BPS);
  const count = { trainers: Math.max(1, parts, terms.minTrainers), seats: terms.committeeSize };
  const pays = [
    ["trainer", (terms.reward - validators) / BigInt(terms.rounds * count.trainers), gas.trainer.round],
    ["validator", validators / BigInt(terms.rounds * count.seats), gas.validator.round],
  ] as const;
  const short = pays.flatMap(([role, pay, units]) => {
    const cost = BigInt(Math.ceil(units)) * weiPerGas;
    return pay < cost
      ? [`a ${role} gets ${coins(pay)} a round at most on average, and its gas costs ${coins(cost)}`]
      : [];
  });
  return short.length === 0 ? undefined : `${short.join("; ")}. Raise money.reward, or plan fewer rounds.`;
}

function coins(wei: bigint): string {
  return showMoney(wei, { decimals: 18, symbol: "coins" });
}

/** Quotes a job. Pure. */
export function quoteJob(facts: QuoteFacts): Quote {
  const { terms, initialScoreBps } = facts;
  const { reward, rounds, milestones } = terms;
  const validators = (reward * BigInt(terms.validatorShareBps)) / BigInt(BPS);
  const trainers = reward - validators;
  const validatorsPerRound = validators / BigInt(rounds + (milestones.length === 0 ? 0 : 1));
  const trainersPerRound = milestones.length === 0 ? trainers / BigInt(rounds) : undefined;
  const phases = phasesOf(terms);
  const corruption = corruptionOf(terms, { trainers, validatorsPerRound, trainersPerRound });
  const longestRound = phases.reduce((sum, { seconds }) => sum + seconds, 0) + secondAttempt(terms);
  return {
    reward,
    initiatorBond: terms.initiatorBond,
    total: reward + terms.initiatorBond,
    trainers,
    validators,
    validatorsPerRound,
    trainersPerRound,
    priceList: priceListOf(terms, trainers),
    phases,
    longestRound,
    longestJob: longestRound * rounds + (milestones.length === 0 ? 0 : 2 * secondAttempt(terms)),
    initialScoreBps,
    gas: estimateGas(terms.committeeSize),
    corruption,
    sealed: sealedHoldoutOf(facts, trainers),
    warnings: [
      ...facts.warnings.map(({ path, message, fix }) => `${path.join(".")}: ${message}. ${fix}`),
      ...(facts.dataWarnings ?? []),
      ...warningsOf(facts, corruption),
    ],
  };
}

function priceListOf({ milestones, margin }: JobTerms, trainers: bigint): readonly PricePoint[] {
  return milestones.map(({ scoreBps }) => {
    const reached = Math.min(BPS, scoreBps + margin);
    return { scoreBps: reached, earned: earnedAt(milestones, trainers, reached, margin) };
  });
}

/** The phases in a round's order; a sealed shard is opened between Disclosure and the draw. */
function phasesOf(terms: JobTerms): readonly PhaseLength[] {
  const opening = openingPeriod(terms);
  return TIMED_PHASES.flatMap((phase) => {
    const length = { phase, seconds: longestPhase(terms, phase) };
    return phase === "disclosure" && opening > 0 ? [length, { phase: "opening", seconds: opening }] : [length];
  });
}

function sealedHoldoutOf({ terms, holdoutSamples }: QuoteFacts, trainers: bigint): SealedHoldout | undefined {
  if (terms.holdout !== "sealed") return undefined;
  const { rounds, initiatorBond: bond } = terms;
  return {
    ...{ shards: rounds + 1, samplesPerShard: holdoutSamples, openingPeriod: openingPeriod(terms), bond },
    recognisedGapBps: Math.ceil(BPS * recognisedGap(holdoutSamples)),
    badShards: badShardCases({ rounds, trainers }),
  };
}

/** Length of a second attempt, after a failed one, in seconds. */
function secondAttempt(terms: JobTerms): number {
  return terms.scoringPeriod + terms.revealPeriod + terms.attestationPeriod + terms.settlementPeriod;
}

function corruptionOf(
  { committeeSize, seatLock, milestones }: JobTerms,
  money: {
    readonly trainers: bigint;
    readonly validatorsPerRound: bigint;
    readonly trainersPerRound: bigint | undefined;
  },
): Corruption {
  const majority = Math.floor(committeeSize / 2) + 1;
  const perRound = money.trainersPerRound ?? 0n;
  return {
    seats: committeeSize,
    majority,
    stakeNeeded: BigInt(majority) * seatLock,
    canTakeInOneRound: perRound + money.validatorsPerRound,
    canTakeInTwoRounds: (milestones.length === 0 ? 2n * perRound : money.trainers) + 2n * money.validatorsPerRound,
    canWithholdInOneRound: (money.trainersPerRound ?? money.trainers) + money.validatorsPerRound,
  };
}

/** A part as a percentage of the whole, exact to a basis point and rounded up. */
function shareOf(part: bigint, whole: bigint): number {
  return Number((part * BigInt(BPS) + whole - 1n) / whole) / 100;
}

function warningsOf(facts: QuoteFacts, corruption: Corruption): readonly string[] {
  const { stakeNeeded, canTakeInTwoRounds, majority } = corruption;
  const { terms, holdoutSamples, parts } = facts;
  const lockNeeded = Math.ceil(shareOf(canTakeInTwoRounds, terms.reward) / majority);
  const lockNow = Math.floor(shareOf(terms.seatLock, terms.reward));
  const lastPoint = terms.milestones.at(-1)?.scoreBps ?? 0;
  const checks: readonly (readonly [boolean, string])[] = [
    [
      lastPoint + terms.margin > BPS,
      `the last milestone needs ${(lastPoint + terms.margin) / 100} % with the margin, which is impossible. Lower it, or use a larger holdout.`,
    ],
    [
      stakeNeeded < canTakeInTwoRounds,
      `majorities of two committees in a row lock less than they could take. Raise money.seatLock to ${lockNeeded} % of the reward (${lockNow} % now), or committee.size.`,
    ],
    [
      terms.holdout !== "own" && holdoutSamples < SMALL_HOLDOUT,
      `a holdout of ${holdoutSamples} samples is imprecise: the standard error is ${terms.margin / 100} %. Use more.`,
    ],
    [
      parts > 0 && parts < terms.minTrainers,
      `${terms.minTrainers} trainers share ${parts} parts of the data. Raise data.partition.parts to ${terms.minTrainers}.`,
    ],
    [
      terms.minValidators < Math.min(ROBUST_SEATS, terms.committeeSize),
      `a round may open with ${terms.minValidators} validators, too few if one is dishonest and one absent. Raise committee.minValidators.`,
    ],
    [
      terms.holdout === "own",
      "validators score on their own data: scores cannot be checked, and nobody is slashed for a score.",
    ],
  ];
  return [
    ...checks.flatMap(([holds, warning]) => (holds ? [warning] : [])),
    ...(facts.payBelowGas === undefined ? [] : [facts.payBelowGas]),
    ...facts.shortPeriods.map((short) => `${shortPeriodText(short)}: they refuse the job. Raise times.${short.phase}.`),
  ];
}
