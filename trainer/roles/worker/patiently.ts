import { setTimeout as sleep } from "node:timers/promises";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../../log.ts";

/** Temporary conditions: a worker retries after them. */
const PASSING: ReadonlySet<string> = new Set([
  "CONTENT_UNAVAILABLE",
  // Faults of the worker's own daemon: what it could not read decides nothing about anybody else.
  "CONTENT_DAEMON_DOWN",
  "CONTENT_DAEMON_FAULTY",
  "CONTENT_DAEMON_REFUSED",
  "MODEL_UPDATE_MISSING",
  "CHAIN_UNREACHABLE",
  "CHAIN_FUNDS",
]);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Retries `attempt` with growing pauses after temporary failures; throws any other error. */
export async function patiently<Result>(
  log: Log,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const isPassing = error instanceof CommonweightError && PASSING.has(error.code);
      if (!isPassing || signal.aborted) throw error;
      log.warn({ code: error.code, reason: error.message, hint: error.hint, pauseMs }, "trying again");
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
