import type { JobSpec } from "@commonweight/sdk/spec/job-spec";
import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import { RELEASE, scoreUpdates, type RevealedUpdate, type Scored, type ScoringRule } from "../../scoring/score.ts";
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
  /** Whether the round only confirms the released model: its accuracy is the one score. */
  readonly confirming: boolean;
}

/** Scores a round's updates, in score units, with a fingerprint of the computation. */
export interface Scorer {
  score(task: ScoringTask, signal: AbortSignal): Promise<Scored>;
}

/** The rule that a specification names. */
export function scoringRuleOf({ rule, maxEvaluations }: JobSpec["scoring"]): ScoringRule {
  return rule === "accuracy" ? { kind: rule } : { kind: rule, maxEvaluations };
}

/** Scores as the specification says. With the same holdout, honest validators agree to the unit. */
export function engineScorer(engine: Engine): Scorer {
  return {
    score({ job, base, updates, holdout, seed, confirming }, signal) {
      const scoringRule = confirming ? RELEASE : scoringRuleOf(job.spec.scoring);
      const request = { engine, model: job.spec.model, base, updates, holdout, rule: scoringRule, seed };
      return scoreUpdates(request, signal);
    },
  };
}
