import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import type { PartitionRule } from "../../trainer/data/partition.ts";
import type { TrainerAgent, ValidatorAgent } from "./agents.ts";
import type { TermsChoice } from "./terms.ts";
import type { DataName, SpecChoice, World } from "./world.ts";

/** An initiator's behaviour after posting. */
export interface InitiatorPlan {
  /** Whether it opens the sealed holdout of a round; default always. */
  opens?(round: number): boolean;
  /** Whether it cancels the job during a round's training phase; default never. */
  cancels?(round: number, best: number): boolean;
}

/** Times of a round through which a chain can stand still; `opening` is the initiator's, for a sealed shard's key. */
export type StillPhase =
  "training" | "disclosure" | "opening" | "draw" | "scoring" | "reveal" | "attestation" | "settlement";

/** Description of a run without its seed. */
export interface Scenario {
  readonly trainers: readonly TrainerAgent[];
  readonly validators: readonly ValidatorAgent[];
  readonly terms: TermsChoice;
  readonly spec?: SpecChoice;
  readonly partition?: PartitionRule;
  /** Pay by a price list up to this accuracy, in basis points; default a fixed budget per round. */
  readonly goalBps?: number;
  readonly initiator?: InitiatorPlan;
  /** A validator's own holdout; default the common one. */
  holdoutOf?(world: World, validator: number, seed: number): Samples;
  /**
   * Whether a trainer serves its content to a seat during scoring; default always. `seats` are the validators' indices.
   */
  serves?(trainer: number, seat: number, seats: readonly number[]): boolean;
  /** Whether seats that have an update serve it to the others before they score. */
  readonly seatsShare?: boolean;
  /** Whether the sealed shard of a round is readable; default always. */
  readable?(round: number): boolean;
  /** The samples in a round's sealed shard; default the common holdout. */
  shardOf?(world: World, round: number, seed: number): Samples;
  /** Whether the chain makes no block through a phase; default never. The attempt is 0 before the draw. */
  standsStill?(phase: StillPhase, round: number, attempt: number): boolean;
  /** Number of each trainer's data part; identities of one actor share a part. Default one part per trainer. */
  readonly partOf?: readonly number[];
  /** Number of parts of the data; default as many as `partOf` uses, or one per trainer. */
  readonly parts?: number;
  readonly data?: DataName;
  /** Rounds of plain federated averaging before the job, for the initial model; default 0. */
  readonly warmRounds?: number;
}

/** Record of one attempt; agents are given by index. */
export interface RoundRecord {
  readonly round: number;
  readonly attempt: number;
  readonly seats: readonly number[];
  readonly updates: readonly number[];
  readonly consensus: readonly number[];
  /** Scores that each seat revealed; `undefined` for silent seats. */
  readonly vectors: readonly (readonly number[] | undefined)[];
  readonly outcome: "settled" | "failed";
  /** Accuracy of the model afterwards on test samples that no participant has, 0 to 1. */
  readonly accuracy: number;
  /** The same on the common holdout, in basis points. */
  readonly score: number;
}

/** An agent's gains and losses, in the token's smallest unit. */
export interface Purse {
  readonly paid: bigint;
  /** Burned bond or stake. */
  readonly lost: bigint;
  readonly gas: bigint;
}

export interface Slash {
  readonly validator: number;
  readonly amount: bigint;
  readonly round: number;
}

/** Result of a run. */
export interface Outcome {
  readonly records: readonly RoundRecord[];
  readonly trainers: readonly Purse[];
  readonly validators: readonly Purse[];
  readonly slashes: readonly Slash[];
  /** Returned to the initiator, including its bond. */
  readonly refunded: bigint;
  readonly initiatorLost: bigint;
  readonly model: Weights;
  readonly accuracy: number;
  /** Confirmed score, in basis points. */
  readonly best: number;
  /** Trainers' earnings at `best` by the price list; 0 without one. */
  readonly owed: bigint;
  /** The same at the best score of any released model on the common holdout, computed by the experiment. */
  readonly reached: bigint;
  /** Number of settled rounds with updates. */
  readonly settled: number;
}
