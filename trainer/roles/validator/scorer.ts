import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import { scoreUpdates, type RevealedUpdate, type Scored } from "../../scoring/score.ts";
import type { JobRecipe } from "../worker/job-context.ts";

/** A seat's scoring input in one attempt. */
export interface ScoringTask {
  readonly job: JobRecipe;
  /** The model at the start of the round. */
  readonly base: Weights;
  readonly updates: readonly RevealedUpdate[];
  readonly holdout: Samples;
  /** The committee's seed: determines the scoring rule's permutations. */
  readonly seed: string;
}

/** Scores a round's updates, in score units, with a fingerprint of the computation. */
export interface Scorer {
  score(task: ScoringTask, signal: AbortSignal): Promise<Scored>;
}

/** Scores by the specification. With the same holdout, honest validators get equal scores. */
export function engineScorer(engine: Engine): Scorer {
  return {
    score({ job, base, updates, holdout, seed }, signal) {
      const { rule, maxEvaluations } = job.spec.scoring;
      const scoringRule = rule === "accuracy" ? { kind: rule } : { kind: rule, maxEvaluations };
      const request = { engine, model: job.spec.model, base, updates, holdout, rule: scoringRule, seed };
      return scoreUpdates(request, signal);
    },
  };
}
