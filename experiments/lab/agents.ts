import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { Samples, Weights } from "../../trainer/model/tensors.ts";
import type { Random } from "../../trainer/random/seeded-random.ts";

/** Public data of an earlier round. */
export interface PastRound {
  /** Disclosed updates by trainer's index. */
  readonly updates: ReadonlyMap<number, Weights>;
  /** Consensus scores by trainer's index. */
  readonly consensus: ReadonlyMap<number, number>;
}

/** What a trainer knows when it computes its update. */
export interface TrainingView {
  readonly round: number;
  /** Its index among the scenario's trainers. */
  readonly index: number;
  readonly base: Weights;
  readonly own: Samples;
  readonly past: readonly PastRound[];
  /** This trainer's random numbers for this round. */
  readonly random: Random;
  /** Trains according to the specification, by default on its own samples. */
  learn(samples?: Samples, epochs?: number): Weights;
  /** The honest updates of this round; a real trainer cannot see them in time, an omniscient adversary can. */
  readonly honest: readonly Weights[];
}

export interface TrainerAgent {
  readonly kind: string;
  readonly honest: boolean;
  /** Returns its update, or `undefined` if it does not commit. */
  update(view: TrainingView): Weights | undefined;
  /** Whether it discloses its sealed update; default always. */
  discloses?(round: number): boolean;
}

/** The model that a seat attests. */
export interface Release {
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
}

/** A disclosed update, as listed on chain. */
export interface ListedUpdate {
  /** Its trainer's index among the scenario's trainers. */
  readonly trainer: number;
  readonly digest: string;
  readonly isCopy: boolean;
  /** Position of its commitment in the round. */
  readonly order: number;
}

/** What a seat knows when it scores. */
export interface ScoringView {
  readonly round: number;
  readonly attempt: number;
  readonly updates: readonly ListedUpdate[];
  readonly past: readonly PastRound[];
  readonly random: Random;
  /** Whether score vectors contain cluster labels. */
  readonly clusters: boolean;
  readonly judgesHoldout: boolean;
  /** Whether score vectors end with a fingerprint of the computation. */
  readonly fingerprints: boolean;
  /** Indices of the validators of all seats; the draw is public. */
  readonly seats: readonly number[];
  /** The vector of an honest validator that can fetch the same content. */
  honest(): Promise<ScoreVector>;
}

/** What a seat knows when it attests. */
export interface AttestationView {
  readonly round: number;
  readonly consensus: readonly number[];
  readonly seats: readonly number[];
  /** An honest validator's attestation; `undefined` if it cannot compute the model. */
  honest(): Promise<Release | undefined>;
}

export interface ValidatorAgent {
  readonly kind: string;
  readonly honest: boolean;
  /** Returns the vector that it seals, or `undefined` if it does not commit. */
  score(view: ScoringView): Promise<ScoreVector | undefined>;
  /** Whether it reveals its sealed scores; default always. */
  reveals?(round: number): boolean;
  attest(view: AttestationView): Promise<Release | undefined>;
  /** Whether it enlists again after it was delisted; default true. */
  readonly returns?: boolean;
}

export const honestTrainer: TrainerAgent = { kind: "honest", honest: true, update: (view) => view.learn() };

export const honestValidator: ValidatorAgent = {
  kind: "honest",
  honest: true,
  score: (view) => view.honest(),
  attest: (view) => view.honest(),
};

/** Returns `count` copies of an agent. */
export function times<Agent>(count: number, agent: Agent): Agent[] {
  return Array.from({ length: count }, () => agent);
}

/** Returns a vector of invented scores, with `fingerprint` if the job requires one. */
export function vectorWith(view: ScoringView, scores: readonly number[], fingerprint: number): ScoreVector {
  return {
    readable: view.judgesHoldout ? true : undefined,
    scores,
    labels: view.clusters ? scores.map((_, index) => index) : undefined,
    fingerprint: view.fingerprints ? fingerprint : undefined,
  };
}
