import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import type { JobRecipe } from "../worker/job-context.ts";

/** A trainer's input for one round. */
export interface LearningTask {
  readonly job: JobRecipe;
  readonly round: number;
  /** The trainer's order of joining the job; seeds its training. */
  readonly number: number;
  /** The current model. */
  readonly base: Weights;
  readonly samples: Samples;
  /** Takes the share of the training that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Computes a trainer's update for a round: the difference to the current model. */
export interface Learner {
  learn(task: LearningTask, signal: AbortSignal): Promise<Weights>;
}

/**
 * Trains on the trainer's samples by the specification. Seeded: the same task gives the same bytes on the WASM engine.
 */
export function engineLearner(engine: Engine): Learner {
  return {
    async learn({ job, round, number, base, samples, onProgress }, signal) {
      const { training, model } = job.spec;
      const progress = onProgress === undefined ? {} : { onProgress };
      const options = { ...training, ...progress, seed: (round * 65_537 + number) >>> 0 };
      const { weights } = await engine.train({ model, weights: base, samples }, options, signal);
      return difference(weights, base);
    },
  };
}

/** `after - before`, value by value. */
export function difference(after: Weights, before: Weights): Weights {
  return after.map((value, index) => value - (before[index] ?? 0));
}
