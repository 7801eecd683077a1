import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import type { Random } from "../../trainer/random/seeded-random.ts";

/** What became public in an earlier round. */
export interface PastRound {
  /** By trainer's index; those who disclosed nothing are missing. */
  readonly updates: ReadonlyMap<number, Weights>;
  /** Consensus scores by trainer's index. */
  readonly consensus: ReadonlyMap<number, number>;
}

/** What a trainer knows when it makes its update. */
export interface TrainingView {
  readonly round: number;
  /** Its index among the scenario's trainers. */
  readonly index: number;
  readonly base: Weights;
  readonly own: Samples;
  readonly past: readonly PastRound[];
  /** Of its own, in this round. */
  readonly random: Random;
  /** Trains as the specification says, on its own samples or others. */
  learn(samples?: Samples, epochs?: number): Weights;
  /** What the honest trainers hand in in this round: nobody knows it in time but an adversary that sees everything. */
  readonly honest: readonly Weights[];
}

export interface TrainerAgent {
  readonly kind: string;
  readonly honest: boolean;
  /** Its update, or nothing: it does not commit. */
  update(view: TrainingView): Weights | undefined;
  /** Whether it opens what it sealed; always where left out. */
  discloses?(round: number): boolean;
}

/** The model that a seat attests. */
export interface Release {
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
}

/** An update as the chain lists it. */
export interface ListedUpdate {
  /** Its trainer's index among the scenario's trainers. */
  readonly trainer: number;
  readonly digest: string;
  readonly isCopy: boolean;
  /** Place of its commitment. */
  readonly order: number;
}

/** What a seat knows when it scores. */
export interface ScoringView {
  readonly round: number;
  readonly attempt: number;
  readonly updates: readonly ListedUpdate[];
  readonly past: readonly PastRound[];
  readonly random: Random;
  /** Whether vectors name clusters. */
  readonly clusters: boolean;
  readonly judgesHoldout: boolean;
  /** Whether vectors end in a fingerprint of the computation. */
  readonly fingerprints: boolean;
  /** Indices of the validators seated with it: the draw is public. */
  readonly seats: readonly number[];
  /** What an honest validator says with what this one can fetch. */
  honest(): Promise<ScoreVector>;
}

/** What a seat knows when it attests. */
export interface AttestationView {
  readonly round: number;
  readonly consensus: readonly number[];
  readonly seats: readonly number[];
  /** What an honest validator attests; nothing where it cannot compute the model. */
  honest(): Promise<Release | undefined>;
}

export interface ValidatorAgent {
  readonly kind: string;
  readonly honest: boolean;
  /** The vector that it seals, or nothing. */
  score(view: ScoringView): Promise<ScoreVector | undefined>;
  /** Whether it opens what it sealed; always where left out. */
  reveals?(round: number): boolean;
  attest(view: AttestationView): Promise<Release | undefined>;
  /** Whether it enlists again after it fell off the list; true where left out. */
  readonly returns?: boolean;
}

export const honestTrainer: TrainerAgent = { kind: "honest", honest: true, update: (view) => view.learn() };

export const honestValidator: ValidatorAgent = {
  kind: "honest",
  honest: true,
  score: (view) => view.honest(),
  attest: (view) => view.honest(),
};

/** As many of the same. */
export function times<Agent>(count: number, agent: Agent): Agent[] {
  return Array.from({ length: count }, () => agent);
}

/** Gives a vector of invented scores, with an invented fingerprint where one is due. */
export function vectorWith(view: ScoringView, scores: readonly number[], fingerprint: number): ScoreVector {
  return {
    readable: view.judgesHoldout ? true : undefined,
    scores,
    labels: view.clusters ? scores.map((_, index) => index) : undefined,
    fingerprint: view.fingerprints ? fingerprint : undefined,
  };
}
