import { shortPeriodText, type ShortPeriod } from "@commonweight/sdk/chain/depth";
import type { JobFileProblem } from "@commonweight/sdk/job-file/job-file-error";
import { BPS, ROBUST_SEATS } from "@commonweight/sdk/protocol/limits";
import { longestPhase, TIMED_PHASES } from "@commonweight/sdk/protocol/job-params";
import { earnedAt } from "@commonweight/sdk/protocol/payouts";
import type { JobTerms } from "@commonweight/sdk/job-file/resolve-job-file";
import { estimateGas, type GasEstimate } from "./gas-table.ts";

/** Fewer samples than that measure progress so coarsely that luck is paid. */
const SMALL_HOLDOUT = 500;

/** What a quote is made from. */
export interface QuoteFacts {
  readonly terms: JobTerms;
  /** `undefined` where the validators bring their own holdouts. */
  readonly initialScoreBps: number | undefined;
  readonly holdoutSamples: number;
  /** Parts of the data; 0 where trainers bring their own. */
  readonly parts: number;
  readonly warnings: readonly JobFileProblem[];
  /** As `readShortPeriods` gives them for the chain that the job is meant for. */
  readonly shortPeriods: readonly ShortPeriod[];
}

/**
 * What a job costs, how long it may take, and what it would take to corrupt it. Amounts in the token's smallest unit.
 */
export interface Quote {
  readonly reward: bigint;
  readonly trainers: bigint;
  readonly validators: bigint;
  /** Validators' budget for one round. */
  readonly validatorsPerRound: bigint;
  /** Trainers' budget for one round; `undefined` where progress is paid by milestones. */
  readonly trainersPerRound: bigint | undefined;
  readonly priceList: readonly PricePoint[];
  readonly phases: readonly PhaseLength[];
  /** Longest that a round and the whole job can take, in seconds. */
  readonly longestRound: number;
  readonly longestJob: number;
  readonly initialScoreBps: number | undefined;
  readonly gas: GasEstimate;
  readonly corruption: Corruption;
  readonly warnings: readonly string[];
}

/** What is earned in all once a score is confirmed. */
export interface PricePoint {
  readonly scoreBps: number;
  readonly earned: bigint;
}

export interface PhaseLength {
  readonly phase: string;
  readonly seconds: number;
}

/** What a majority of the seats costs, beside what it could take or withhold. */
export interface Corruption {
  readonly seats: number;
  readonly majority: number;
  /** Stake that the majority's seats lock. A majority sets the consensus, so it is not slashed for its own scores. */
  readonly stakeNeeded: bigint;
  /** What one captured committee can hand to whom it likes. */
  readonly canTakeInOneRound: bigint;
  /** What two captured committees in a row can. */
  readonly canTakeInTwoRounds: bigint;
  /** What a captured committee can keep the round's honest workers from earning. */
  readonly canWithholdInOneRound: bigint;
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
    warnings: [...facts.warnings.map(({ message, fix }) => `${message}. ${fix}`), ...warningsOf(facts, corruption)],
  };
}

function priceListOf({ milestones, margin }: JobTerms, trainers: bigint): readonly PricePoint[] {
  return milestones.map(({ scoreBps }) => {
    const reached = Math.min(BPS, scoreBps + margin);
    return { scoreBps: reached, earned: earnedAt(milestones, trainers, reached, margin) };
  });
}

function phasesOf(terms: JobTerms): readonly PhaseLength[] {
  return TIMED_PHASES.map((phase) => ({ phase, seconds: longestPhase(terms, phase) }));
}

/** An attempt that fails is drawn, scored and settled once more. */
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

function warningsOf(facts: QuoteFacts, { stakeNeeded, canTakeInTwoRounds }: Corruption): readonly string[] {
  const { terms, holdoutSamples, parts } = facts;
  const lastPoint = terms.milestones.at(-1)?.scoreBps ?? 0;
  const checks: readonly (readonly [boolean, string])[] = [
    [
      lastPoint + terms.margin > BPS,
      `the last milestone asks for ${(lastPoint + terms.margin) / 100} %, the margin included: nobody can earn it all. Lower it, or keep a larger holdout.`,
    ],
    [
      stakeNeeded < canTakeInTwoRounds,
      "a majority of two committees in a row locks less than it could take. Raise money.seatLock, or have more seats.",
    ],
    [
      terms.holdout !== "own" && holdoutSamples < SMALL_HOLDOUT,
      `a holdout of ${holdoutSamples} samples measures coarsely: one standard error is ${terms.margin / 100} %. Keep more.`,
    ],
    [
      parts > 0 && parts < terms.minTrainers,
      `${terms.minTrainers} trainers share ${parts} parts of the data. Set data.partition.parts to as many.`,
    ],
    [
      terms.minValidators < Math.min(ROBUST_SEATS, terms.committeeSize),
      `a round may open with ${terms.minValidators} validators, whom one liar and one absence can spoil. Raise committee.minValidators.`,
    ],
    [
      terms.holdout === "own",
      "validators score on data of their own: nobody is slashed for a score, and none can be checked.",
    ],
  ];
  return [
    ...checks.flatMap(([holds, warning]) => (holds ? [warning] : [])),
    ...facts.shortPeriods.map((short) => `${shortPeriodText(short)}: they refuse the job. Raise times.${short.phase}.`),
  ];
}
