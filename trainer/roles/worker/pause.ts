import { setTimeout as sleep } from "node:timers/promises";

/** Waits for `ms` milliseconds or until `signal` aborts, without an error. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return quietly(sleep(ms, undefined, { signal }), signal);
}

/** Waits for `wait`; an abort ends it without an error. */
export async function quietly(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await wait;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
