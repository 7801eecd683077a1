import type { TensorFlow } from "./tensorflow.ts";

/** TensorFlow.js together with the backend that an engine computes on. */
export interface Runtime {
  readonly tf: TensorFlow;
  /**
   * Runs synchronous work on this engine's backend.
   *
   * @param expectation.keeps - number of tensors that the work adds, 0 by default; `undefined`: any number
   * @throws Error the work adds another number: a leak is a defect, and the WASM heap never shrinks
   */
  run<T>(work: () => T, expectation?: { readonly keeps: number | undefined }): T;
}

/**
 * Binds TensorFlow.js to one of its backends, which must already be open.
 *
 * The current backend and the tensor count are global to the process. They are used only within synchronous work, so
 * several engines and sessions in one process do not disturb each other.
 */
export function createRuntime(tf: TensorFlow, backendName: string): Runtime {
  const tensorCount = (): number => tf.memory().numTensors;

  return {
    tf,
    run(work, { keeps } = { keeps: 0 }) {
      // The backend is open, so the call takes effect at once; its promise can be ignored.
      if (tf.getBackend() !== backendName) void tf.setBackend(backendName);
      const before = tensorCount();
      const result = work();
      const kept = tensorCount() - before;
      if (keeps !== undefined && kept !== keeps) {
        throw new Error(`Defect: a step added ${kept} tensors, not ${keeps}.`);
      }
      return result;
    },
  };
}
