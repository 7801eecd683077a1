import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { ageJob, readJob } from "@commonweight/sdk/chain/read-job";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import type { Call, Chain, Head } from "../../chain/port.ts";
import { dutyName, nextDuty, turnOf, type Duty } from "./duties.ts";
import type { WorkerModules } from "./modules.ts";
import { Notices } from "./notices.ts";
import { patiently } from "./patiently.ts";
import { quietly } from "./pause.ts";
import { requireTerms } from "./job-context.ts";
import { callOf, send } from "./send.ts";

/** Result of a worker's step: it acted, so read the job again at once; it was idle, so wait; or the role stops. */
export type Step = "acted" | "idle" | "stop";

/** The model that settles a round, and the absolute scores of base and next model, in basis points. */
export interface Settlement {
  readonly digest: ContentDigest;
  readonly baseScore: number;
  readonly score: number;
}

/** A worker's role: its step for a view of the job, and its input for the duty `settle`. */
export interface Role {
  step(view: JobView, signal: AbortSignal): Promise<Step>;
  /** Arguments of `settle`; `undefined` if this worker has not computed the next model. */
  settlement?(view: JobView): Settlement | undefined;
}

/** A job and the worker's role in it. */
export interface WatchedJob {
  readonly jobId: bigint;
  readonly params: JobParams;
  /** Hash of the terms that this worker looked at. */
  readonly terms: string;
  readonly role: Role;
}

/** Phases in which workers wait for each other's transactions, not for members, training or time. */
const EAGER: ReadonlySet<Phase> = new Set<Phase>([
  ...(["disclosure", "draw", "scoring", "reveal", "tally", "attestation", "settlement"] as const),
]);
/** Length of each worker's turn for a duty. */
const TURN_MS = 2_000;

/**
 * Reads a job at every new block and runs the role's step, until the role stops or `signal` aborts.
 *
 * Duties are done here, for all roles, in turns.
 */
export async function watchJob(modules: WorkerModules, watch: WatchedJob, signal: AbortSignal): Promise<void> {
  const { jobId, params, terms, role } = watch;
  const turns = new Turns();
  const notices = new Notices(modules);
  /** The newest view, and whether the role had nothing to do. */
  let seen: { readonly view: JobView; readonly block: Head; readonly isIdle: boolean } | undefined;
  const look = async (): Promise<Step> => {
    const block = await modules.chain.head(signal);
    if (seen?.isIdle === true && seen.block.hash === block.hash) {
      return turns.isWaiting && (await doDuty(modules, { view: seen.view, role, turns }, signal)) ? "acted" : "idle";
    }
    const before = seen;
    seen = undefined; // If a call below fails, the block is read again.
    try {
      const view = await viewAt(block, before);
      requireTerms(jobId, terms, view.terms);
      const step = await act(view);
      seen = { view, block, isIdle: step === "idle" };
      return step;
    } catch (error) {
      if (signal.aborted || !(await isOrphaned(modules.chain, block))) throw error;
      modules.log.info({ block: block.number }, "a reorganisation removed the block: reading the chain again");
      return "idle";
    }
  };
  /** Reads the job, if anything but time changed since it was last read. */
  const viewAt = async (block: Head, before: typeof seen): Promise<JobView> => {
    const { account, confirmations } = modules.chain;
    if (before?.block.hash === block.hash) return before.view;
    const isNext = block.isEmpty && before?.block.hash === block.parentHash;
    const aged = isNext ? await ageJob(modules.contracts, before.view, block, confirmations) : undefined;
    return aged ?? readJob(modules.contracts, { jobId, params, account, block, confirmations });
  };
  const act = async (view: JobView): Promise<Step> => {
    modules.refusals?.see(view.roundNumber);
    await notices.see(view);
    const step = await role.step(view, signal);
    if (step !== "idle") return step;
    return (await doDuty(modules, { view, role, turns }, signal)) ? "acted" : "idle";
  };
  while (!signal.aborted) {
    const step = await patiently(modules.log, signal, look);
    if (step === "stop") return;
    const isEager = turns.isWaiting || (seen !== undefined && EAGER.has(seen.view.phase));
    if (step === "idle") await quietly(modules.chain.untilNextBlock(signal, isEager), signal);
  }
}

/** Whether the chain no longer has this block. */
async function isOrphaned({ runner }: Chain, { number, hash }: Head): Promise<boolean> {
  return (await runner.provider?.getBlock(number))?.hash !== hash;
}

/** Input for doing a duty. */
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
  { lifecycle, rounds, committees, panel }: Contracts,
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
    case "drawCommittee":
      return callOf(committees.drawCommittee, jobId);
    case "tally":
      return callOf(panel.tally, jobId, duty.count);
    case "failAttempt":
      return callOf(panel.failAttempt, jobId);
    case "witness":
      return callOf(duty.of === "seats" ? panel.witness : rounds.witness, jobId);
    case "settle": {
      const settlement = role.settlement?.(view);
      if (settlement === undefined) return undefined;
      return callOf(panel.settle, jobId, settlement.digest, settlement.baseScore, settlement.score);
    }
  }
}

/** Records since when a duty is due, so that workers try it in turns and not all at once. */
class Turns {
  #name: string | undefined;
  #since = 0;

  /** Whether a duty is due that another worker may do first. */
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
