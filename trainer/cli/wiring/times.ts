import type { WorkerTimes } from "../../roles/worker/modules.ts";

/** Interval between two looks at the chain, in milliseconds. */
export const POLL_MS = 100;

export const WORKER_TIMES: WorkerTimes = { pollMs: POLL_MS, turnMs: 2_000 };
