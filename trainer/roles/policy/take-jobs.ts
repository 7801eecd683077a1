import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { WorkerModules } from "../worker/modules.ts";
import { isPassing, patiently } from "../worker/patiently.ts";
import { quietly } from "../worker/pause.ts";
import { isOpen, refusalOf, takesPart, type JobPolicy, type PolicyRefusal } from "./judge-job.ts";

/** How many of the newest jobs are looked at: older ones are taken by their number only. */
export const MOST_LOOKED_AT = 200;

/** How often a job's files are asked for, where nobody serves them, before it is refused. */
const MOST_TRIES = 3;

/** What taking jobs needs. */
export interface TakingModules extends Pick<WorkerModules, "chain" | "contracts" | "log"> {
  /** Size of a job's model file, in bytes; fetches the job's specification. Asked only where the policy bounds it. */
  readonly modelBytes: (jobId: bigint, signal: AbortSignal) => Promise<number>;
  /** Takes part in a job with these terms until it is over. */
  readonly run: (jobId: bigint, terms: string) => Promise<void>;
}

/**
 * Takes the jobs that a policy allows, the newest first, and looks for more at every block, until `signal` aborts. Each
 * job is judged once, and a refusal is logged once. A job that fails ends alone.
 *
 * @throws a defect of a job's run, once all have ended
 */
export async function takeJobs(modules: TakingModules, policy: JobPolicy, signal: AbortSignal): Promise<void> {
  const taking = new Taking(modules, policy);
  while (!signal.aborted && !taking.hasDefect) {
    await patiently(modules.log, signal, () => taking.look(signal));
    await quietly(modules.chain.untilNextBlock(signal, false), signal);
  }
  await taking.end();
}

class Taking {
  readonly #modules: TakingModules;
  readonly #policy: JobPolicy;
  /** Jobs that are not looked at again: taken, refused or over. Older ones than the newest are forgotten. */
  readonly #judged = new Set<bigint>();
  /** Failed attempts to read a job's files. */
  readonly #tries = new Map<bigint, number>();
  readonly #running = new Map<bigint, Promise<void>>();
  #defect: { readonly error: unknown } | undefined;

  constructor(modules: TakingModules, policy: JobPolicy) {
    this.#modules = modules;
    this.#policy = policy;
  }

  get hasDefect(): boolean {
    return this.#defect !== undefined;
  }

  async look(signal: AbortSignal): Promise<void> {
    const { chain, contracts } = this.#modules;
    const block = await chain.head(signal);
    const newest = await contracts.book.jobCount({ blockTag: block.number });
    const oldest = newest > BigInt(MOST_LOOKED_AT) ? newest - BigInt(MOST_LOOKED_AT) + 1n : 1n;
    for (const jobId of this.#judged) if (jobId < oldest) this.#judged.delete(jobId);
    for (const jobId of this.#tries.keys()) if (jobId < oldest) this.#tries.delete(jobId);
    const views: JobView[] = [];
    for (let jobId = newest; jobId >= oldest && this.#hasRoom; jobId--) {
      if (this.#judged.has(jobId)) continue;
      const params = await readJobParams(contracts, jobId);
      views.push(await readJob(contracts, { jobId, params, account: chain.account, block }));
    }
    // After a restart: where the account has money at stake, it goes on, whatever the policy says now.
    for (const view of views.filter(takesPart)) this.#take(view);
    for (const view of views.filter((one) => !takesPart(one))) {
      if (this.#hasRoom && !signal.aborted) await this.#judge(view, signal);
    }
  }

  get #hasRoom(): boolean {
    return this.#running.size < this.#policy.most;
  }

  async #judge(view: JobView, signal: AbortSignal): Promise<void> {
    const { jobId } = view;
    if (!isOpen(view)) return void this.#judged.add(jobId);
    const refusal = await this.#refusal(view, signal);
    if (signal.aborted || refusal === "later") return;
    if (refusal === undefined) return this.#take(view);
    this.#judged.add(jobId);
    this.#modules.log.info({ job: `${jobId}`, reason: refusal }, "the policy refuses the job");
  }

  async #refusal(view: JobView, signal: AbortSignal): Promise<PolicyRefusal | "later" | undefined> {
    const { maxModelBytes } = this.#policy;
    const refusal = refusalOf(view, this.#policy);
    if (refusal !== undefined || maxModelBytes === undefined) return refusal;
    try {
      return (await this.#modules.modelBytes(view.jobId, signal)) > maxModelBytes ? "model-size" : undefined;
    } catch (error) {
      return this.#unread(view.jobId, error, signal);
    }
  }

  /** A stranger's files decide nothing about other jobs. Only the worker's own troubles hold up the search. */
  #unread(jobId: bigint, error: unknown, signal: AbortSignal): "later" | "files" {
    if (!(error instanceof CommonweightError) || signal.aborted) throw error;
    const { code, message: reason } = error;
    const isUnserved = code === "CONTENT_UNAVAILABLE";
    if (!isUnserved && isPassing(error)) throw error;
    const tries = (this.#tries.get(jobId) ?? 0) + 1;
    this.#tries.set(jobId, tries);
    this.#modules.log.debug({ job: `${jobId}`, code, reason, tries }, "the job's files cannot be read");
    return isUnserved && tries < MOST_TRIES ? "later" : "files";
  }

  #take({ jobId, terms }: JobView): void {
    this.#judged.add(jobId);
    this.#modules.log.info({ job: `${jobId}` }, "taking the job");
    this.#running.set(jobId, this.#run(jobId, terms));
  }

  async #run(jobId: bigint, terms: string): Promise<void> {
    try {
      await this.#modules.run(jobId, terms);
    } catch (error) {
      if (!(error instanceof CommonweightError)) this.#defect ??= { error };
      else this.#giveUp(jobId, error);
    } finally {
      this.#running.delete(jobId);
    }
  }

  #giveUp(jobId: bigint, { code, message: reason, hint }: CommonweightError): void {
    this.#modules.log.warn({ job: `${jobId}`, code, reason, hint }, "job given up");
  }

  /** Waits for the jobs that run. */
  async end(): Promise<void> {
    await Promise.all(this.#running.values());
    if (this.#defect !== undefined) throw this.#defect.error;
  }
}
