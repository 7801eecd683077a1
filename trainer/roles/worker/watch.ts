import { setTimeout as sleep } from "node:timers/promises";

import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob } from "@commonweight/sdk/chain/read-job";
import { dutyName, nextDuty, turnOf, type Duty } from "./duties.ts";
import type { WorkerModules, WorkerTimes } from "./modules.ts";
import { patiently } from "./patiently.ts";
import { callOf, send } from "./send.ts";

/** What a worker's step did: something, so look again at once; nothing, so wait; or the end. */
export type Step = "acted" | "idle" | "stop";

/** A role: what it does when it sees a job, and how it does the one duty that needs its own knowledge. */
export interface Role {
  step(view: JobView, signal: AbortSignal): Promise<Step>;
  /** The call that settles the round, where this worker computed the next model; else `undefined`. */
  settlement(view: JobView): Promise<readonly unknown[] | undefined>;
}

/**
 * Looks at a job, block by block, and lets a role act, until the role stops or `signal` aborts.
 *
 * Work that anyone may do is done here, for every role alike, in turns.
 */
export async function watchJob(
  modules: WorkerModules,
  jobId: bigint,
  params: JobParams,
  role: Role,
  times: WorkerTimes,
  signal: AbortSignal,
): Promise<void> {
  const turns = new Turns(times.turnMs);
  let seenBlock = -1;
  const look = async (): Promise<Step> => {
    const head = await modules.chain.head(signal);
    if (head.number === seenBlock && !turns.isWaiting) return "idle";
    seenBlock = -1; // Whatever fails below is tried again.
    const view = await readJob(modules.contracts, jobId, params, modules.chain.account, head);
    const step = await role.step(view, signal);
    if (step !== "idle") return step;
    if (await doDuty(modules, view, role, turns, signal)) return "acted";
    seenBlock = head.number;
    return "idle";
  };
  while (!signal.aborted) {
    const step = await patiently(modules.log, signal, look);
    if (step === "stop") return;
    if (step === "idle") await pause(times.pollMs, signal);
  }
}

async function doDuty(
  modules: WorkerModules,
  view: JobView,
  role: Role,
  turns: Turns,
  signal: AbortSignal,
): Promise<boolean> {
  const duty = nextDuty(view);
  if (duty === undefined) return turns.forget();
  const values = await dutyValues(view, duty, role);
  if (values === undefined || !turns.isOwn(view, duty)) return false;
  const contract = duty.kind === "openRound" || duty.kind === "closeJob" ? "rounds" : "panel";
  modules.log.debug({ duty: duty.kind, round: view.roundNumber }, "doing a duty");
  const call = await callOf(modules.contracts[contract], duty.kind, [view.jobId, ...values]);
  const outcome = await send(modules, call, signal);
  turns.forget();
  return outcome.kind === "included";
}

async function dutyValues(view: JobView, duty: Duty, role: Role): Promise<readonly unknown[] | undefined> {
  switch (duty.kind) {
    case "openRound":
    case "closeJob":
    case "armDraw":
    case "drawCommittee":
    case "failAttempt":
      return [];
    case "tally":
      return [duty.count];
    case "settle":
      return role.settlement(view);
  }
}

/** Remembers since when a duty is open, so that workers do it one after the other and not all at once. */
class Turns {
  readonly #turnMs: number;
  #name: string | undefined;
  #since = 0;

  constructor(turnMs: number) {
    this.#turnMs = turnMs;
  }

  /** True while a duty is open that is somebody else's turn. */
  get isWaiting(): boolean {
    return this.#name !== undefined;
  }

  isOwn(view: JobView, duty: Duty): boolean {
    const name = dutyName(view, duty);
    if (name !== this.#name) {
      this.#name = name;
      this.#since = performance.now();
    }
    return performance.now() - this.#since >= turnOf(view, duty, view.self.account) * this.#turnMs;
  }

  forget(): false {
    this.#name = undefined;
    return false;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
