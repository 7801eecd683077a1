import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import { meanOf } from "../../aggregation/vectors/mean.ts";
import { leadersOf, type Labels, type NearCloneRule } from "../../scoring/near-clones.ts";
import type { RevealedUpdate } from "../../scoring/score.ts";
import type { JobRecipe } from "../worker/job-context.ts";

/** Near-clone threshold, chosen by measurement: experiments/studies/near-clones/README.md. */
const RULE: NearCloneRule = { theta: { numerator: 4n, denominator: 5n }, leastErrors: 20 };

/** A round's updates in the form in which they are scored. */
export interface ClusterTask {
  readonly job: Pick<JobRecipe, "spec">;
  readonly base: Weights;
  readonly updates: readonly RevealedUpdate[];
  /** Place of each update's commitment in the round's order. */
  readonly order: readonly number[];
  readonly holdout: Samples;
}

/**
 * Returns for each update the index of its earliest near-clone, usually its own: the labels of the score vector.
 *
 * An update that is not valid, or with which the model's output is not finite, is no near-clone.
 *
 * @returns one index for each update
 */
export async function clusterLabels(
  engine: Pick<Engine, "predict">,
  task: ClusterTask,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const predictions: (Labels | undefined)[] = [];
  for (const update of task.updates) {
    predictions.push(update.kind === "valid" ? await predictionsOf(engine, task, update.delta, signal) : undefined);
  }
  return leadersOf({ predictions, reference: task.holdout.labels, order: task.order, rule: RULE });
}

async function predictionsOf(
  engine: Pick<Engine, "predict">,
  { job, base, holdout }: ClusterTask,
  delta: Weights,
  signal: AbortSignal,
): Promise<Labels | undefined> {
  const weights = meanOf(base, [delta], 1);
  if (!weights.every(Number.isFinite)) return undefined;
  try {
    return await engine.predict({ model: job.spec.model, weights, samples: holdout }, signal);
  } catch (error) {
    if (error instanceof CommonweightError && error.code === "ENGINE_NOT_FINITE") return undefined;
    throw error;
  }
}
