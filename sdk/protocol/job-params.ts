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
  /** Collateral of the initiator, burned if it does not open a sealed holdout; 0 for other holdouts. */
  readonly initiatorBond: bigint;
  readonly validatorShareBps: number;
  readonly rounds: number;
  readonly maxUpdates: number;
  readonly committeeSize: number;
  readonly minTrainers: number;
  readonly minValidators: number;
  readonly holdout: "own" | "public" | "sealed";
  readonly scoring: "accuracy" | "contribution";
  readonly payRule: "by-gain" | "equal";
  /** True where near-clones share one weight. */
  readonly clusters: boolean;
  readonly sync: "bsp" | "ssp" | "bap";
  /** Commitments a trainer may make in one round: the last one counts. */
  readonly retrainQuota: number;
  /** `bap`: commitments that close Training; 0 for none. */
  readonly releaseCount: number;
  /** `bap`: share of the expected whose commitments close Training, in basis points. */
  readonly releaseBps: number;
  /** Narrowest and widest band around the consensus, in score units. */
  readonly tolerance: number;
  readonly maxTolerance: number;
  /** Consensus scores up to here weigh nothing. */
  readonly noiseFloor: number;
  /** Consensus scores below here weigh nothing. */
  readonly acceptance: number;
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
  /** Merkle root over the keys of a sealed holdout's shards, and over the addresses that may join; zero for none. */
  readonly holdoutRoot: string;
  readonly invitationRoot: string;
  /** Empty for one budget a round. */
  readonly milestones: readonly Milestone[];
}
