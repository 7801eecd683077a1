import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { tensorLayout } from "../model/model-layout.ts";
import type { Weights } from "../model/tensors.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

/**
 * Copies a weight vector into trainable variables, in the order of `tensorLayout`. The caller disposes them.
 *
 * @throws CommonweightError `ENGINE_WEIGHTS` if the vector does not have the model's number of parameters.
 */
export function weightVariables(tf: TensorFlow, model: ModelSpec, weights: Weights): Variable[] {
  const layout = tensorLayout(model);
  const length = layout.reduce((sum, { size }) => sum + size, 0);
  if (weights.length !== length) {
    const message = `The model has ${length} parameters, and the weights have ${weights.length}.`;
    throw new CommonweightError("ENGINE_WEIGHTS", message, "Check that the weights were trained for this model.");
  }
  return tf.tidy(() =>
    layout.map(({ shape, offset, size }) => {
      const tensor = tf.tensor(weights.slice(offset, offset + size), [...shape]);
      return tf.keep(tf.variable(tensor));
    }),
  );
}

/** Copies variables back into one weight vector. */
export function weightVector(variables: readonly Tensor[]): Weights {
  const weights = new Float32Array(variables.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  for (const variable of variables) {
    weights.set(variable.dataSync(), offset);
    offset += variable.size;
  }
  return weights;
}
