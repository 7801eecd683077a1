import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import type { JobRecipe } from "../worker/job-context.ts";

/** One round's work of one trainer. */
export interface LearningTask {
  readonly job: JobRecipe;
  readonly round: number;
  /** The trainer's number in the job. */
  readonly number: number;
  /** The current model. */
  readonly base: Weights;
  readonly samples: Samples;
}

/** Makes a trainer's update of a round: the difference to the current model. */
export interface Learner {
  learn(task: LearningTask, signal: AbortSignal): Promise<Weights>;
}

/**
 * Trains on the trainer's samples as the specification says. Seeded: the same task gives the same bytes on one engine.
 */
export function engineLearner(engine: Engine): Learner {
  return {
    async learn({ job, round, number, base, samples }, signal) {
      const { training, model } = job.spec;
      const options = { ...training, seed: (round * 65_537 + number) >>> 0 };
      const { weights } = await engine.train({ model, weights: base, samples }, options, signal);
      return difference(weights, base);
    },
  };
}

/** `after - before`, value by value. */
export function difference(after: Weights, before: Weights): Weights {
  return after.map((value, index) => value - (before[index] ?? 0));
}
