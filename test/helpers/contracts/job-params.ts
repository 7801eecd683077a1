import { ZeroHash, parseEther } from "ethers";

import type { JobStruct } from "@commonweight/sdk/protocol/job-params";
import { leastValidators } from "@commonweight/sdk/protocol/job-rules";
import { digestOf } from "./commitments.ts";

export const HOLDOUT = { none: 0, own: 1, public: 2, sealed: 3 } as const;
export const PAY_RULE = { none: 0, byGain: 1, equal: 2 } as const;
export const SYNC = { none: 0, bsp: 1, ssp: 2, bap: 3 } as const;
export const NO_PERMIT = { deadline: 0n, v: 0, r: ZeroHash, s: ZeroHash } as const;
export const SCORING = { none: 0, accuracy: 1, contribution: 2 } as const;
export const OUTCOME = { none: 0n, empty: 1n, settled: 2n, failed: 3n } as const;
export const PHASE = {
  none: 0n,
  waiting: 1n,
  training: 2n,
  disclosure: 3n,
  draw: 4n,
  scoring: 5n,
  reveal: 6n,
  tally: 7n,
  attestation: 8n,
  settlement: 9n,
  closed: 10n,
} as const;

export type PhaseName = keyof typeof PHASE;

/** Parameters of `postJob`: enumerations as numbers, amounts in the token's smallest unit, times in seconds. */
export type JobTerms = JobStruct;

export const INITIAL_MODEL = digestOf("initial model");

/** A job of two rounds, five seats, a budget per round, own holdouts, and trust (as in FLoBC). */
export function budgetTerms(token: string, now: number, changes: Partial<JobTerms> = {}): JobTerms {
  const { holdout = HOLDOUT.own, tolerance = 10, committeeSize = 5 } = changes;
  return {
    token,
    // Not divisible, so that rounding errors show.
    reward: parseEther("1000") + 7n,
    bond: parseEther("10") + 1n,
    seatLock: parseEther("20") + 3n,
    initiatorBond: 0n,
    validatorShareBps: 1_500,
    rounds: 2,
    maxUpdates: 64,
    committeeSize,
    minTrainers: 2,
    minValidators: leastValidators(Number(committeeSize)),
    holdout: HOLDOUT.own,
    scoring: SCORING.accuracy,
    payRule: PAY_RULE.byGain,
    clusters: false,
    sync: SYNC.bsp,
    retrainQuota: 3,
    releaseCount: 0,
    releaseBps: 0,
    tolerance,
    // On a common holdout the band has one width.
    maxTolerance: BigInt(holdout) === BigInt(HOLDOUT.own) ? 500 : tolerance,
    noiseFloor: 0,
    acceptance: 0,
    margin: 0,
    targetScore: 0,
    minTraining: 0,
    trainingPeriod: 1_000,
    disclosurePeriod: 1_000,
    scoringPeriod: 1_000,
    revealPeriod: 1_000,
    attestationPeriod: 1_000,
    settlementPeriod: 1_000,
    deadline: now + 100_000,
    specDigest: digestOf("specification"),
    modelDigest: INITIAL_MODEL,
    holdoutRoot: ZeroHash,
    invitationRoot: ZeroHash,
    milestones: [],
    ...changes,
  };
}

/** A job of two rounds, five seats and a price list, scored by contribution on a public holdout. */
export function milestoneTerms(token: string, now: number, changes: Partial<JobTerms> = {}): JobTerms {
  return budgetTerms(token, now, {
    holdout: HOLDOUT.public,
    scoring: SCORING.contribution,
    milestones: [
      { scoreBps: 1_000, shareBps: 0 },
      { scoreBps: 5_000, shareBps: 6_000 },
      { scoreBps: 9_000, shareBps: 10_000 },
    ],
    ...changes,
  });
}
