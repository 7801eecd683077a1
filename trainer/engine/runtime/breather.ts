import { setImmediate } from "node:timers/promises";

/** Longest time that an engine keeps the event loop to itself between two steps. */
const BREATH_INTERVAL_MS = 40;

/** What a long computation awaits between its steps. Throws `signal.reason` once the signal aborts. */
export type Breathe = () => Promise<void>;

/**
 * Makes a function for a long computation to await between its steps: now and then it lets the process's other work
 * run.
 *
 * A worker runs a peer-to-peer node beside its engine, which must answer. A step that takes longer than the interval
 * delays it.
 */
export function createBreather(signal: AbortSignal): Breathe {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= BREATH_INTERVAL_MS) {
      await setImmediate();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
