import { setTimeout as sleep } from "node:timers/promises";

import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob } from "@commonweight/sdk/chain/read-job";
import type { Call, Chain, Head } from "../../chain/port.ts";
import { dutyName, nextDuty, turnOf, type Duty } from "./duties.ts";
import type { WorkerModules } from "./modules.ts";
import { patiently } from "./patiently.ts";
import { callOf, send } from "./send.ts";

/** What a worker's step did: something, so look again at once; nothing, so wait; or the end. */
export type Step = "acted" | "idle" | "stop";

/** The model that settles a round, and the absolute scores of base and next model, in basis points. */
export interface Settlement {
  readonly digest: ContentDigest;
  readonly baseScore: number;
  readonly score: number;
}

/** A role: what it does when it sees a job, and what it knows for the one duty that needs its own knowledge. */
export interface Role {
  step(view: JobView, signal: AbortSignal): Promise<Step>;
  /** What settles the round, where this worker computed the next model; else `undefined`. */
  settlement?(view: JobView): Settlement | undefined;
}

/** One worker's part in one job. */
export interface WatchedJob {
  readonly jobId: bigint;
  readonly params: JobParams;
  readonly role: Role;
}

/** Between two looks at the chain. */
const POLL_MS = 100;
/** How long each worker in turn leaves a duty to the one before. */
const TURN_MS = 2_000;

/**
 * Looks at a job, block by block, and lets a role act, until the role stops or `signal` aborts.
 *
 * Work that anyone may do is done here, for every role alike, in turns.
 */
export async function watchJob(modules: WorkerModules, watch: WatchedJob, signal: AbortSignal): Promise<void> {
  const { jobId, params, role } = watch;
  const turns = new Turns();
  let seenBlock = "";
  const look = async (): Promise<Step> => {
    const block = await modules.chain.head(signal);
    if (block.hash === seenBlock && !turns.isWaiting) return "idle";
    seenBlock = ""; // Whatever fails below is tried again.
    try {
      return await act(block);
    } catch (error) {
      if (signal.aborted || !(await isGone(modules.chain, block))) throw error;
      modules.log.info({ block: block.number }, "looking again: a reorganisation took the block away");
      return "idle";
    }
  };
  const act = async (block: Head): Promise<Step> => {
    const { account, confirmations } = modules.chain;
    const view = await readJob(modules.contracts, { jobId, params, account, block, confirmations });
    const step = await role.step(view, signal);
    if (step !== "idle") return step;
    if (await doDuty(modules, { view, role, turns }, signal)) return "acted";
    seenBlock = block.hash;
    return "idle";
  };
  while (!signal.aborted) {
    const step = await patiently(modules.log, signal, look);
    if (step === "stop") return;
    if (step === "idle") await pause(POLL_MS, signal);
  }
}

/** Whether the chain has another block, or none, where it had this one. */
async function isGone({ runner }: Chain, { number, hash }: Head): Promise<boolean> {
  return (await runner.provider?.getBlock(number))?.hash !== hash;
}

/** What a worker sees of the work that anyone may do. */
interface Shift {
  readonly view: JobView;
  readonly role: Role;
  readonly turns: Turns;
}

async function doDuty(modules: WorkerModules, { view, role, turns }: Shift, signal: AbortSignal): Promise<boolean> {
  const duty = nextDuty(view);
  if (duty === undefined) return turns.forget();
  const call = await dutyCall(modules.contracts, duty, view, role);
  if (call === undefined || !turns.isOwn(view, duty)) return false;
  modules.log.debug({ duty: duty.kind, round: view.roundNumber }, "doing a duty");
  const outcome = await send(modules, call, signal);
  turns.forget();
  return outcome.kind === "included";
}

async function dutyCall(
  { lifecycle, committees, panel }: Contracts,
  duty: Duty,
  view: JobView,
  role: Role,
): Promise<Call | undefined> {
  const { jobId } = view;
  switch (duty.kind) {
    case "openRound":
      return callOf(lifecycle.openRound, jobId);
    case "closeJob":
      return callOf(lifecycle.closeJob, jobId);
    case "armDraw":
      return callOf(committees.armDraw, jobId);
    case "drawCommittee":
      return callOf(committees.drawCommittee, jobId);
    case "tally":
      return callOf(panel.tally, jobId, duty.count);
    case "failAttempt":
      return callOf(panel.failAttempt, jobId);
    case "settle": {
      const settlement = role.settlement?.(view);
      if (settlement === undefined) return undefined;
      return callOf(panel.settle, jobId, settlement.digest, settlement.baseScore, settlement.score);
    }
  }
}

/** Remembers since when a duty is open, so that workers do it one after the other and not all at once. */
class Turns {
  #name: string | undefined;
  #since = 0;

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
    return performance.now() - this.#since >= turnOf(view, duty, view.self.account) * TURN_MS;
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
