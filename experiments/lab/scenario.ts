import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import type { PartitionRule } from "../../trainer/data/partition.ts";
import type { TrainerAgent, ValidatorAgent } from "./agents.ts";
import type { TermsChoice } from "./terms.ts";
import type { DataName, SpecChoice, World } from "./world.ts";

/** What an initiator may do beside posting. */
export interface InitiatorPlan {
  /** Whether it opens the sealed holdout of a round; always where left out. */
  opens?(round: number): boolean;
  /** Whether it cancels when a round has got to Training. */
  cancels?(round: number, best: number): boolean;
}

/** One kind of run; a seed makes it a run. */
export interface Scenario {
  readonly trainers: readonly TrainerAgent[];
  readonly validators: readonly ValidatorAgent[];
  readonly terms: TermsChoice;
  readonly spec?: SpecChoice;
  readonly partition?: PartitionRule;
  /** Pay by price list up to this accuracy, in basis points; one budget a round where left out. */
  readonly goalBps?: number;
  readonly initiator?: InitiatorPlan;
  /** A validator's own holdout; the common one where left out. */
  holdoutOf?(world: World, validator: number, seed: number): Samples;
  /**
   * Which trainer's content a seat can fetch while it scores; everyone everything where left out. `seats` are who was
   * drawn.
   */
  serves?(trainer: number, seat: number, seats: readonly number[]): boolean;
  /** Whether seats that have an update serve it to the others before they score. */
  readonly seatsShare?: boolean;
  /** Whether an initiator's sealed shard of a round can be read; always where left out. */
  readable?(round: number): boolean;
  /** Whose updates train on which samples: one actor's identities share data. By trainer the number of its part. */
  readonly partOf?: readonly number[];
  /** Parts that the samples are dealt into; as many as there are different ones where left out. */
  readonly parts?: number;
  readonly data?: DataName;
  /** Rounds of plain training behind the initial model; 0 where left out. */
  readonly warmRounds?: number;
}

/** What a round came to, by agents' indices. */
export interface RoundRecord {
  readonly round: number;
  readonly attempt: number;
  readonly seats: readonly number[];
  readonly updates: readonly number[];
  readonly consensus: readonly number[];
  /** What each seat revealed; nothing of the silent. */
  readonly vectors: readonly (readonly number[] | undefined)[];
  readonly outcome: "settled" | "failed";
  /** Accuracy of the model after it, on samples that nobody in the job sees: 0..1. */
  readonly accuracy: number;
  /** The same on the committee's samples, in basis points. */
  readonly score: number;
}

/** What an agent gained and lost, in the token's smallest unit. */
export interface Purse {
  readonly paid: bigint;
  /** Bond or stake that burned. */
  readonly lost: bigint;
  readonly gas: bigint;
}

export interface Slash {
  readonly validator: number;
  readonly amount: bigint;
  readonly round: number;
}

/** What a run came to. */
export interface Outcome {
  readonly records: readonly RoundRecord[];
  readonly trainers: readonly Purse[];
  readonly validators: readonly Purse[];
  readonly slashes: readonly Slash[];
  /** Returned to the initiator, its bond included; and its bond if it burned. */
  readonly refunded: bigint;
  readonly initiatorLost: bigint;
  readonly model: Weights;
  readonly accuracy: number;
  /** Confirmed score, in basis points. */
  readonly best: number;
  /** What the price list says that trainers have earned at `best`; 0 without one. */
  readonly owed: bigint;
  /** The same at the best score of a released model on the common holdout, as this experiment computes it. */
  readonly reached: bigint;
  /** Rounds that trainers took part in and that settled. */
  readonly settled: number;
}
