import {
  address,
  amount,
  choice,
  decodeFields,
  digest,
  encodeFields,
  flag,
  list,
  root,
  whole,
  type RawOf,
  type ValuesOf,
  type WordsOf,
} from "./abi-field.ts";
import { BPS, MAX_PERIOD, MAX_ROUNDS, MAX_SEATS, MAX_UPDATES, MIN_SEATS } from "./limits.ts";

// A job's parameters on chain (`JobParams` in `contracts/types/JobTypes.sol`): the one place in TypeScript that lists
// them. Types, encoding, decoding and ranges follow from the table. Rules between parameters stand in `job-rules.ts`.

const MILESTONE = {
  scoreBps: whole("uint16", 0, BPS),
  shareBps: whole("uint16", 0, BPS),
};

/**
 * Each parameter with its ABI type and range, in the struct's order. Amounts in the token's smallest unit, times in
 * seconds.
 */
export const JOB_PARAMS = {
  /** Address of an ERC-20 token; the wrapper for the native coin. */
  token: address,
  /** Pay of trainers and validators over all rounds. */
  reward: amount(1n),
  /** Collateral of a trainer for the whole job. */
  bond: amount(1n),
  /** Collateral that one enlistment locks. */
  seatLock: amount(1n),
  /** Collateral of the initiator, burned if it does not open a sealed holdout; 0 for other holdouts. */
  initiatorBond: amount(0n),
  /** Validators' part of the reward. */
  validatorShareBps: whole("uint16", 1, BPS - 1),
  rounds: whole("uint16", 1, MAX_ROUNDS),
  /** Most updates in a round. */
  maxUpdates: whole("uint8", 1, MAX_UPDATES),
  committeeSize: whole("uint8", MIN_SEATS, MAX_SEATS),
  /** Fewest members for a round to open. */
  minTrainers: whole("uint16", 1),
  /** Fewest enlisted validators for a round to open. */
  minValidators: whole("uint16", MIN_SEATS),
  /** Whose data the validators score on. */
  holdout: choice("own", "public", "sealed"),
  /** What a score measures. */
  scoring: choice("accuracy", "contribution"),
  /** How a round's pay is divided. */
  payRule: choice("by-gain", "equal"),
  /** Whether near-clones share one weight. */
  clusters: flag,
  /** When Training closes. */
  sync: choice("bsp", "ssp", "bap"),
  /** Most commitments of a trainer in one round; the last one counts. */
  retrainQuota: whole("uint8", 1),
  /** `bap`: commitments that close Training; 0 for none. */
  releaseCount: whole("uint8", 0, MAX_UPDATES),
  /** `bap`: share of the expected members whose commitments close Training, in basis points. */
  releaseBps: whole("uint16", 0, BPS),
  /** Narrowest and widest band around the consensus, in score units. */
  tolerance: whole("uint16", 1),
  maxTolerance: whole("uint16", 1),
  /** Consensus scores up to this value have weight 0. */
  noiseFloor: whole("uint16", 0, BPS),
  /** Consensus scores below this value have weight 0. */
  acceptance: whole("int16", -(2 ** 15)),
  /** Subtracted from a score before the price list is read, in basis points. */
  margin: whole("uint16", 0, BPS),
  /** Confirmed score at which the job ends early, in basis points; 0 for none. */
  targetScore: whole("uint16", 0, BPS),
  /** Shortest Training. */
  minTraining: whole("uint32", 0, MAX_PERIOD),
  trainingPeriod: whole("uint32", 1, MAX_PERIOD),
  disclosurePeriod: whole("uint32", 1, MAX_PERIOD),
  scoringPeriod: whole("uint32", 1, MAX_PERIOD),
  revealPeriod: whole("uint32", 1, MAX_PERIOD),
  attestationPeriod: whole("uint32", 1, MAX_PERIOD),
  settlementPeriod: whole("uint32", 1, MAX_PERIOD),
  /** Time from which no round opens, in seconds since 1970. */
  deadline: whole("uint40", 1),
  /** Digests of the content ids of the specification and of the initial model. */
  specDigest: digest,
  modelDigest: digest,
  /** Merkle root over the keys of a sealed holdout's shards; zero for other holdouts. */
  holdoutRoot: root,
  /** Merkle root over the addresses that may join; zero for everyone. */
  invitationRoot: root,
  /** Price list; empty for an equal budget per round. */
  milestones: list(MILESTONE),
};

/** A job's parameters. Amounts in the token's smallest unit, times in seconds. */
export type JobParams = ValuesOf<typeof JOB_PARAMS>;

/** One point of the price list: from `scoreBps` on, `shareBps` of the trainers' reward is earned. */
export type Milestone = ValuesOf<typeof MILESTONE>;

/** A job's parameters as the contract's struct is encoded: enumerations are numbers. */
export type JobStruct = WordsOf<typeof JOB_PARAMS>;

/** A job's parameters as the contract's struct is decoded: whole numbers are `bigint`. */
export type DecodedJobStruct = RawOf<typeof JOB_PARAMS>;

/** Encodes parameters for the contract. */
export function encodeJobParams(params: JobParams): JobStruct {
  return encodeFields(JOB_PARAMS, params);
}

/**
 * Decodes parameters that the contract returned.
 *
 * @throws CONTRACT_UNKNOWN_VALUE an enumeration's number has no name
 */
export function decodeJobParams(struct: DecodedJobStruct): JobParams {
  return decodeFields(JOB_PARAMS, struct);
}

/** The phases with a configurable length, in a round's order. */
export const TIMED_PHASES = ["training", "disclosure", "scoring", "reveal", "attestation", "settlement"] as const;

export type TimedPhase = (typeof TIMED_PHASES)[number];

/** Returns a phase's longest duration, in seconds: stale synchronous Training can extend once, by its own length. */
export function longestPhase(params: Pick<JobParams, "sync" | `${TimedPhase}Period`>, phase: TimedPhase): number {
  return params[`${phase}Period`] * (phase === "training" && params.sync === "ssp" ? 2 : 1);
}

/**
 * Returns how long a round can wait in Draw for its shard to be opened, in seconds (`TrainingRounds._isHoldoutDue`); 0
 * unless the holdout is sealed. A second attempt waits for none, and the public shard is opened within Training.
 */
export function openingPeriod({ holdout, disclosurePeriod }: Pick<JobParams, "holdout" | "disclosurePeriod">): number {
  return holdout === "sealed" ? disclosurePeriod : 0;
}
