import { z } from "zod";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob } from "@commonweight/sdk/chain/read-job";
import type { JobContext } from "../worker/job-context.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { patiently } from "../worker/patiently.ts";
import { pause } from "../worker/pause.ts";
import { readRecord } from "../worker/read-record.ts";

/** Interval between looks at the chain's clock. */
const POLL_MS = 1_000;
/** Interval between attempts to fetch what is missing. */
const RETRY_MS = 10_000;

/** Who serves a job's releases, and how it gets those that it lacks. */
export interface Serving {
  readonly role: "initiator" | "validator";
  readonly job: JobContext;
  /** Fetches what is missing; returns whether nothing is missing any more. */
  readonly fetchMissing: (view: JobView, signal: AbortSignal) => Promise<boolean>;
}

/**
 * Serves a closed job's released models as long as its specification asks, counted in block time from when this worker
 * first saw the job closed, or until `signal` aborts. Returns at once if the job is not closed.
 */
export async function serveReleases(modules: WorkerModules, serving: Serving, signal: AbortSignal): Promise<void> {
  const { journal, log, network } = modules;
  const { role, job, fetchMissing } = serving;
  const { jobId, spec } = job;
  const view = await patiently(log, signal, () => look(modules, job, signal));
  if (!view.closed) return;
  const key = `${role}/${jobId}/closed`;
  const since = readRecord(modules, key, z.int()) ?? view.time;
  journal.record(key, since);
  const until = since + spec.servingSeconds;
  if (spec.servingSeconds > 0 && view.time < until) {
    const context = { jobId: jobId.toString(), until: new Date(until * 1_000).toISOString() };
    const message = "the job is closed: serving its released models; interrupt to stop";
    log.info({ ...context, addresses: network.addresses() }, message);
  }
  const fetchNow = () => patiently(log, signal, () => fetchMissing(view, signal));
  let isComplete = await fetchNow();
  let triedMs = performance.now();
  for (let time = view.time; time < until;) {
    await pause(POLL_MS, signal);
    if (signal.aborted) return;
    time = (await patiently(log, signal, () => modules.chain.head(signal))).timestamp;
    if (isComplete || performance.now() - triedMs < RETRY_MS) continue;
    isComplete = await fetchNow();
    triedMs = performance.now();
  }
  log.info({ jobId: jobId.toString(), servedSeconds: spec.servingSeconds }, "the job is over");
}

async function look({ chain, contracts }: WorkerModules, { jobId, params }: JobContext, signal: AbortSignal) {
  return readJob(contracts, { jobId, params, account: chain.account, block: await chain.head(signal) });
}
