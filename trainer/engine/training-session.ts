import type { Optimizer, Variable } from "@tensorflow/tfjs-core";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { seededRandom, type Random } from "../random/seeded-random.ts";
import { requireSamples } from "./batches.ts";
import { networkLayers, type DropoutMask, type NetworkLayer } from "./network.ts";
import type { TrainOptions } from "./port.ts";
import type { Samples, Weights } from "../model/tensors.ts";
import type { Runtime } from "./runtime.ts";
import { sliceSize } from "./slices.ts";
import { weightVariables } from "./weight-tensors.ts";

/** Stream of random numbers that dropout takes from a training seed; the samples' order has another. */
const DROPOUT_STREAM = 2;

/** What one call of `train` works on. The variables and the optimizer's state live on the backend until it is closed. */
export interface TrainingSession {
  readonly runtime: Runtime;
  readonly model: ModelSpec;
  readonly samples: Samples;
  readonly layers: readonly NetworkLayer[];
  readonly variables: Variable[];
  readonly optimizer: Optimizer;
  readonly mask: DropoutMask;
  /** Samples that are worked on in one go. */
  readonly sliceSize: number;
}

/** Inverted dropout (Srivastava et al. 2014): what is kept is scaled up, so evaluation needs no scaling. */
function seededMask(random: Random): DropoutMask {
  return (rate, size) => Float32Array.from({ length: size }, () => (random() < rate ? 0 : 1 / (1 - rate)));
}

function createOptimizer({ tf }: Runtime, { optimizer, learningRate }: TrainOptions): Optimizer {
  switch (optimizer) {
    case "sgd":
      return tf.train.sgd(learningRate);
    case "adam":
      return tf.train.adam(learningRate);
  }
}

/**
 * Copies the weights to the backend and starts an optimizer. The caller closes the session.
 *
 * @throws CommonweightError `ENGINE_SAMPLES`, `ENGINE_WEIGHTS`, `MODEL_*`.
 */
export function openSession(
  runtime: Runtime,
  model: ModelSpec,
  weights: Weights,
  samples: Samples,
  options: TrainOptions,
): TrainingSession {
  const layers = networkLayers(model);
  requireSamples(model, samples);
  const mask = seededMask(seededRandom(options.seed, DROPOUT_STREAM));
  const start = (): TrainingSession => {
    const variables = weightVariables(runtime.tf, model, weights);
    const optimizer = createOptimizer(runtime, options);
    return { runtime, model, samples, layers, variables, optimizer, mask, sliceSize: sliceSize(model) };
  };
  return runtime.run(start, { keeps: undefined });
}

/** Disposes everything that the session keeps on the backend. */
export function closeSession({ runtime, variables, optimizer }: TrainingSession): void {
  const end = (): void => {
    optimizer.dispose();
    runtime.tf.dispose(variables);
  };
  runtime.run(end, { keeps: undefined });
}
