import { CommonweightError } from "../../../sdk/errors.ts";
import type { JobView } from "../../../sdk/job-view.ts";
import { openJob, topicOf, type JobContext } from "../job-context.ts";
import { fetchModel } from "../model-file.ts";
import type { WorkerModules, WorkerTimes } from "../modules.ts";
import { patiently } from "../patiently.ts";
import { watchJob, type Role, type Step } from "../watch.ts";

export interface InitiatorOptions extends WorkerTimes {
  readonly jobId: bigint;
}

/**
 * Serves a job's files, fetches every model that it releases, and takes its turn at what anyone may do, until the job is
 * over or `signal` aborts. The job needs none of it: others serve what they fetched, and do the same work.
 */
export async function runInitiator(
  modules: WorkerModules,
  options: InitiatorOptions,
  signal: AbortSignal,
): Promise<void> {
  const { chain, contracts, content } = modules;
  const { jobId, fetchTimeoutMs } = options;
  await content.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  const job = await patiently(modules.log, signal, () => openJob(modules, jobId, fetchTimeoutMs, signal));
  await watchJob(modules, jobId, job.params, new InitiatorRole(modules, options, job), options, signal);
}

class InitiatorRole implements Role {
  readonly #modules: WorkerModules;
  readonly #options: InitiatorOptions;
  readonly #job: JobContext;
  /** Version of the newest model that is here. */
  #modelVersion = 0;

  constructor(modules: WorkerModules, options: InitiatorOptions, job: JobContext) {
    this.#modules = modules;
    this.#options = options;
    this.#job = job;
  }

  async step(view: JobView, signal: AbortSignal): Promise<Step> {
    const isBehind = view.modelVersion > this.#modelVersion;
    const hasFetched = isBehind && (await this.#fetchModel(view, signal));
    if (view.phase !== "closed") return hasFetched ? "acted" : "idle";
    this.#modules.log.info({ jobId: view.jobId.toString() }, "the job is over");
    return "stop";
  }

  settlement(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** What is fetched is kept and served. One that nobody serves now is asked for again at the next look. */
  async #fetchModel({ modelVersion, modelDigest }: JobView, signal: AbortSignal): Promise<boolean> {
    const { content, log } = this.#modules;
    try {
      await fetchModel(content, this.#job, modelDigest, this.#options.fetchTimeoutMs, signal);
    } catch (error) {
      if (!(error instanceof CommonweightError) || error.code !== "CONTENT_UNAVAILABLE") throw error;
      log.warn({ modelVersion, modelDigest, hint: error.hint }, "nobody serves the released model");
      return false;
    }
    this.#modelVersion = modelVersion;
    log.info({ modelVersion, modelDigest }, "fetched the released model");
    return true;
  }
}
