import { setImmediate } from "node:timers/promises";

/** Longest time that an engine blocks the event loop between two steps. */
const BREATH_INTERVAL_MS = 40;

/**
 * Yields to the event loop if it is time. A long computation awaits it between steps. Throws `signal.reason` on abort.
 */
export type Breathe = () => Promise<void>;

/**
 * Creates a function that yields to the event loop when the last yield is more than `BREATH_INTERVAL_MS` ago.
 *
 * The worker's peer-to-peer node runs in the same event loop and must answer in time; a longer step delays it.
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
