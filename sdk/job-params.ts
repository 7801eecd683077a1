import type { ContentDigest } from "./content-id.ts";

/** One point of the price list: from `scoreBps` on, `shareBps` of the trainers' reward is earned. */
export interface Milestone {
  readonly scoreBps: number;
  readonly shareBps: number;
}

/** A job's parameters on chain (`contracts/types/JobTypes.sol`). Amounts in the token's smallest unit, times in seconds. */
export interface JobParams {
  /** A native coin comes wrapped. */
  readonly token: string;
  /** Trainers' and validators' part of all rounds together. */
  readonly reward: bigint;
  /** Collateral of a trainer for the whole job. */
  readonly bond: bigint;
  /** Collateral that one enlistment locks. */
  readonly seatLock: bigint;
  readonly validatorShareBps: number;
  readonly rounds: number;
  readonly maxUpdates: number;
  readonly committeeSize: number;
  readonly minTrainers: number;
  readonly minValidators: number;
  readonly holdout: "own" | "public";
  readonly scoring: "accuracy" | "contribution";
  /** Narrowest and widest band around the consensus, in score units. */
  readonly tolerance: number;
  readonly maxTolerance: number;
  /** Consensus scores up to here weigh nothing. */
  readonly noiseFloor: number;
  /** Subtracted from a score before the price list is read, in basis points. */
  readonly margin: number;
  /** Confirmed score at which the job ends early, in basis points; 0 for none. */
  readonly targetScore: number;
  readonly minTraining: number;
  readonly trainingPeriod: number;
  readonly disclosurePeriod: number;
  readonly scoringPeriod: number;
  readonly revealPeriod: number;
  readonly attestationPeriod: number;
  readonly settlementPeriod: number;
  /** Time from which no round opens, in seconds since 1970. */
  readonly deadline: number;
  readonly specDigest: ContentDigest;
  readonly modelDigest: ContentDigest;
  /** Empty for one budget a round. */
  readonly milestones: readonly Milestone[];
}
