import { setTimeout as sleep } from "node:timers/promises";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../../log.ts";

/** Temporary conditions: a worker retries after them. */
const PASSING: ReadonlySet<string> = new Set([
  "CONTENT_UNAVAILABLE",
  "MODEL_UPDATE_MISSING",
  "CHAIN_UNREACHABLE",
  "CHAIN_FUNDS",
]);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Retries `attempt` with growing pauses after temporary failures, each told once; throws any other error. */
export async function patiently<Result>(
  log: Log,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  let told: string | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      const result = await attempt();
      if (told !== undefined) log.info({ code: told }, "going on");
      return result;
    } catch (error) {
      const isPassing = error instanceof CommonweightError && PASSING.has(error.code);
      if (!isPassing || signal.aborted) throw error;
      const context = { code: error.code, reason: error.message, hint: error.hint, pauseMs };
      if (told === error.code) log.debug(context, "trying again");
      else log.warn(context, "trying again until it works");
      told = error.code;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
