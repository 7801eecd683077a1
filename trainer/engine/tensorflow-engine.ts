import { evaluate } from "./evaluate.ts";
import type { Engine } from "./port.ts";
import { predictLabels } from "./predict-labels.ts";
import { createRuntime } from "./runtime/runtime.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";
import { train } from "./train.ts";

/** How an engine over TensorFlow.js presents itself. */
export interface EngineLabel {
  readonly name: Engine["name"];
  readonly reason: string;
}

/**
 * The training engine over one of TensorFlow.js's backends, which must be open already: the same code whatever
 * computes.
 */
export function createTensorFlowEngine(tf: TensorFlow, backendName: string, label: EngineLabel): Engine {
  const runtime = createRuntime(tf, backendName);
  return {
    ...label,
    train: (input, options, signal) => train(runtime, input, options, signal),
    evaluate: (input, signal) => evaluate(runtime, input, signal),
    predict: (input, signal) => predictLabels(runtime, input, signal),
  };
}
