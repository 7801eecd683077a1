import type { TensorFlow } from "./tensorflow.ts";

/** TensorFlow.js together with the backend that an engine computes on. */
export interface Runtime {
  readonly tf: TensorFlow;
  /**
   * Runs a synchronous piece of work on this engine's backend.
   *
   * @param keeps - how many tensors more there are afterwards; 0 where left out, `undefined` where the work itself
   * decides
   * @throws Error where the count of tensors is another: a leak is a defect, and the WASM heap never shrinks
   */
  run<T>(work: () => T, expectation?: { readonly keeps: number | undefined }): T;
}

/**
 * Binds TensorFlow.js to one of its backends, which must be open already.
 *
 * The current backend and the count of tensors belong to the process. Both are looked at only while a synchronous piece
 * of work runs, so several engines and sessions in one process do not disturb each other.
 */
export function createRuntime(tf: TensorFlow, backendName: string): Runtime {
  const tensorCount = (): number => tf.memory().numTensors;

  return {
    tf,
    run(work, { keeps } = { keeps: 0 }) {
      // For an open backend this takes effect at once; the promise brings nothing more.
      if (tf.getBackend() !== backendName) void tf.setBackend(backendName);
      const before = tensorCount();
      const result = work();
      const kept = tensorCount() - before;
      if (keeps !== undefined && kept !== keeps) {
        throw new Error(`Defect: ${kept} tensors more after a step than before it, not ${keeps}.`);
      }
      return result;
    },
  };
}
