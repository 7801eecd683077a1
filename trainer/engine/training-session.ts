import type { Optimizer, Variable } from "@tensorflow/tfjs-core";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { seededRandom, type Random } from "../random/seeded-random.ts";
import { requireSamples } from "./batches.ts";
import { networkLayers, type DropoutMask, type NetworkLayer } from "./network.ts";
import type { EngineInput, TrainOptions } from "./port.ts";
import type { Samples } from "../model/tensors.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { sliceSize } from "./slices.ts";
import { weightVariables } from "./weight-tensors.ts";

/** Stream of the training seed for dropout; the order of the samples uses another one. */
const DROPOUT_STREAM = 2;

/** State of one call of `train`. Variables and optimizer state stay on the backend until the session is closed. */
export interface TrainingSession {
  readonly runtime: Runtime;
  readonly model: ModelSpec;
  readonly samples: Samples;
  readonly layers: readonly NetworkLayer[];
  readonly variables: Variable[];
  readonly optimizer: Optimizer;
  readonly mask: DropoutMask;
  /** Samples per slice: computed without yielding to the event loop. */
  readonly sliceSize: number;
}

/** Inverted dropout (Srivastava et al. 2014): kept values are scaled up in training, so evaluation needs no scaling. */
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
  { model, weights, samples }: EngineInput,
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

/** Disposes the session's tensors on the backend. */
export function closeSession({ runtime, variables, optimizer }: TrainingSession): void {
  const end = (): void => {
    optimizer.dispose();
    runtime.tf.dispose(variables);
  };
  runtime.run(end, { keeps: undefined });
}
