import { evaluate } from "./evaluate.ts";
import { letHeapGrow } from "./heap.ts";
import type { Engine } from "./port.ts";
import { predictLabels } from "./predict-labels.ts";
import { createRuntime } from "./runtime/runtime.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";
import { train } from "./train.ts";

/** Name of an engine over TensorFlow.js, and the reason for choosing it. */
export interface EngineLabel {
  readonly name: Engine["name"];
  readonly reason: string;
  /** Native library that computes, with its version, such as `TensorFlow 2.18.0`. */
  readonly library?: string | undefined;
}

/**
 * Creates the engine on one of TensorFlow.js's backends, which must already be open. All backends share this code.
 */
export function createTensorFlowEngine(
  tf: TensorFlow,
  backendName: string,
  { name, reason, library }: EngineLabel,
): Engine {
  letHeapGrow();
  const runtime = createRuntime(tf, backendName);
  return {
    name,
    reason,
    version: `TensorFlow.js ${tf.version_core}${library === undefined ? "" : ` on ${library}`}`,
    train: (input, options, signal) => train(runtime, input, options, signal),
    evaluate: (input, signal) => evaluate(runtime, input, signal),
    predict: (input, signal) => predictLabels(runtime, input, signal),
  };
}
