import { constants } from "node:os";

import { printNotice } from "./notice.ts";

/** Signals that end a command in order. A closed terminal sends SIGHUP. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** By shell convention, a process that a signal ended has this exit status, plus the signal's number. */
const SIGNALLED = 128;
/**
 * Signals within this time count as one: a terminal signals all its processes, and programs such as npm hand the same
 * signal on once more.
 */
const SAME_MS = 250;

/**
 * Runs `run` until it ends or the user interrupts. The first signal aborts it; if it then ends without its result, the
 * exit status is 128 and the signal's number. The second signal exits at once, with the same status. Work that an
 * interrupt ends in order runs within {@link drained}.
 */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let last = -Infinity;
  let status = 0;
  const interrupt = (signal: (typeof SIGNALS)[number]) => {
    const isSame = performance.now() - last < SAME_MS;
    last = performance.now();
    if (controller.signal.aborted) {
      if (!isSame) process.exit(SIGNALLED + constants.signals[signal]);
      return;
    }
    status = SIGNALLED + constants.signals[signal];
    printNotice("STOPPING", "stopping after the current step; interrupt again to quit at once");
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    await run(controller.signal);
  } catch (error) {
    if (!isAbort(error, controller.signal)) throw error;
    process.exitCode = status;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** Runs a worker, whose usual end is an interrupt: after one it has done its work, and the exit status is 0. */
export async function drained(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isAbort(error, signal)) throw error;
  }
}

/** Whether an error is only that the interrupt ended a wait. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause === signal.reason || cause.name === "AbortError") return true;
  }
  return false;
}
