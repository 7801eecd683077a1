import type { Milestone } from "../../sdk/job-params.ts";
import { BOND, REWARD, SEAT_LOCK } from "./market.ts";

/** The contracts' numbers for a job's choices. */
export const HOLDOUT = { own: 1, public: 2, sealed: 3 } as const;
export const SCORING = { accuracy: 1, contribution: 2 } as const;
const BSP = 1;
/** Validators' part of the reward. */
export const VALIDATOR_SHARE_BPS = 1_500;
export const PAY_BY_GAIN = 1;

const HOUR = 3_600;
const ZERO = `0x${"0".repeat(64)}`;

/** What a scenario may choose of a job's parameters; the rest are a job file's defaults. */
export interface TermsChoice {
  readonly rounds: number;
  readonly holdout?: keyof typeof HOLDOUT;
  readonly scoring?: keyof typeof SCORING;
  readonly clusters?: boolean;
  readonly committeeSize?: number;
  readonly noiseFloor?: number;
  readonly milestones?: readonly Milestone[];
  readonly holdoutRoot?: string;
  readonly minValidators?: number;
  readonly bandOf?: readonly [number, number];
}

/** Bands of a job file by holdout: on one set honest scores agree to the unit, on several they do not. */
const BANDS = { public: [1, 50], sealed: [1, 50], own: [200, 1_000] } as const;

export type Terms = ReturnType<typeof termsOf>;

/** A job's parameters as the contract takes them. */
export function termsOf(
  choice: TermsChoice,
  token: string,
  now: number,
  marginBps: number,
  specDigest: string,
  modelDigest: string,
) {
  const holdout = choice.holdout ?? "public";
  const [tolerance, maxTolerance] = choice.bandOf ?? BANDS[holdout];
  return {
    token,
    reward: REWARD,
    bond: BOND,
    seatLock: SEAT_LOCK,
    initiatorBond: holdout === "sealed" ? REWARD / 10n : 0n,
    validatorShareBps: VALIDATOR_SHARE_BPS,
    rounds: choice.rounds,
    maxUpdates: 64,
    committeeSize: choice.committeeSize ?? 7,
    minTrainers: 1,
    minValidators: choice.minValidators ?? 3,
    holdout: HOLDOUT[holdout],
    scoring: SCORING[choice.scoring ?? "contribution"],
    payRule: PAY_BY_GAIN,
    clusters: choice.clusters ?? false,
    sync: BSP,
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
  };
}

/** A job file's price list from the initial model's accuracy to `goalBps`: shares by how much of the way is done. */
export function priceList(startBps: number, goalBps: number): readonly Milestone[] {
  return [
    [0, 0],
    [0.5, 0.4],
    [0.8, 0.75],
    [1, 1],
  ].map(([way = 0, share = 0]) => ({
    scoreBps: Math.round(startBps + way * (goalBps - startBps)),
    shareBps: Math.round(share * 10_000),
  }));
}
