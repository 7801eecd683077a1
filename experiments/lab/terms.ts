import { encodeJobParams, type JobParams, type Milestone } from "@commonweight/sdk/protocol/job-params";
import { BANDS } from "@commonweight/sdk/job-file/resolve-job-file";
import { leastInitiatorBond, leastValidators } from "@commonweight/sdk/protocol/job-rules";
import { BOND, REWARD, SEAT_LOCK } from "./market.ts";

/** Validators' share of the reward. */
export const VALIDATOR_SHARE_BPS = 1_500;

const HOUR = 3_600;
const ZERO = `0x${"0".repeat(64)}`;

/** Job parameters that a scenario may set; the others are fixed in `termsOf`. */
export interface TermsChoice {
  readonly rounds: number;
  readonly holdout?: JobParams["holdout"];
  readonly scoring?: JobParams["scoring"];
  readonly clusters?: boolean;
  readonly committeeSize?: number;
  readonly noiseFloor?: number;
  readonly milestones?: readonly Milestone[];
  readonly holdoutRoot?: string;
  readonly minValidators?: number;
  readonly bandOf?: readonly [number, number];
}

export type Terms = ReturnType<typeof termsOf>;

/** Inputs of a job's parameters. */
export interface TermsBasis {
  readonly choice: TermsChoice;
  readonly token: string;
  /** When the job is posted, in seconds since 1970. */
  readonly now: number;
  readonly marginBps: number;
  readonly specDigest: string;
  readonly modelDigest: string;
}

/** The initiator's bond of a scenario's job: the least that the contract takes. */
export function initiatorBondOf({ holdout, rounds }: TermsChoice): bigint {
  return holdout === "sealed" ? leastInitiatorBond(REWARD, rounds) : 0n;
}

/** A job's parameters in the contract's format. */
export function termsOf({ choice, token, now, marginBps, specDigest, modelDigest }: TermsBasis) {
  const { holdout = "public", committeeSize = 7 } = choice;
  const [tolerance, maxTolerance] = choice.bandOf ?? BANDS[holdout];
  return encodeJobParams({
    token,
    reward: REWARD,
    bond: BOND,
    seatLock: SEAT_LOCK,
    initiatorBond: initiatorBondOf(choice),
    validatorShareBps: VALIDATOR_SHARE_BPS,
    rounds: choice.rounds,
    maxUpdates: 64,
    committeeSize,
    minTrainers: 1,
    minValidators: choice.minValidators ?? leastValidators(committeeSize),
    holdout,
    scoring: choice.scoring ?? "contribution",
    payRule: "by-gain",
    clusters: choice.clusters ?? false,
    sync: "bsp",
    retrainQuota: 1,
    releaseCount: 0,
    releaseBps: 0,
    tolerance,
    maxTolerance,
    noiseFloor: choice.noiseFloor ?? 0,
    acceptance: 0,
    margin: choice.milestones === undefined || choice.milestones.length === 0 ? 0 : marginBps,
    targetScore: 0,
    minTraining: 0,
    trainingPeriod: HOUR,
    disclosurePeriod: HOUR,
    scoringPeriod: HOUR,
    revealPeriod: HOUR,
    attestationPeriod: HOUR,
    settlementPeriod: HOUR,
    deadline: now + 2 * choice.rounds * 8 * HOUR + 86_400,
    specDigest,
    modelDigest,
    holdoutRoot: choice.holdoutRoot ?? ZERO,
    invitationRoot: ZERO,
    milestones: choice.milestones ?? [],
  });
}
