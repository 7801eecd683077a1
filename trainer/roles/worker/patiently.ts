import { setTimeout as sleep } from "node:timers/promises";

import { isError } from "ethers";

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
  "CHAIN_REQUEST_REFUSED",
  "CHAIN_ANSWER_MALFORMED",
  "CHAIN_FUNDS",
]);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Whether an error may pass by itself. */
export function isPassing(error: unknown): boolean {
  return passingOf(error) !== undefined;
}

/** Describes a temporary condition; `undefined` for any other error. */
function passingOf(error: unknown): { code: string; reason: string; hint: string } | undefined {
  if (error instanceof CommonweightError && PASSING.has(error.code)) {
    return { code: error.code, reason: error.message, hint: error.hint };
  }
  // The contracts were there when the worker began: a node that lacks the state gives empty results.
  if (!isError(error, "BAD_DATA")) return undefined;
  return { code: "CONTRACT_ANSWER", reason: error.shortMessage, hint: "Check the node, or give several endpoints." };
}

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
      const passing = passingOf(error);
      if (passing === undefined) throw error;
      signal.throwIfAborted();
      if (told === passing.code) log.debug({ ...passing, pauseMs }, "trying again");
      else log.warn({ ...passing, pauseMs }, "trying again until it works");
      told = passing.code;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
