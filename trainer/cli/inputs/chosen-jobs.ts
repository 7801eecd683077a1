import { parseMoney } from "@commonweight/sdk/job-file/money";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { CommonweightError } from "@commonweight/sdk/errors";
import { safetensorsSize } from "../../model/safetensors.ts";
import type { JobPolicy } from "../../roles/policy/judge-job.ts";
import { takeJobs } from "../../roles/policy/take-jobs.ts";
import { openJob, topicOf } from "../../roles/worker/job-context.ts";
import type { WorkerModules } from "../../roles/worker/modules.ts";
import { runEach } from "../../roles/worker/run-each.ts";
import type { CommonOptions } from "../options/options.ts";

/** The jobs of a worker: those that its command names, or those that the settings allow it to take. */
export interface ChosenJobs {
  /** From `--job`; empty to take jobs by the settings. */
  readonly jobIds: readonly bigint[];
  /** Hash of the terms that a named job must have; any if left out. */
  readonly terms?: string | undefined;
  readonly common: CommonOptions;
}

/** Takes part in a job until it is over; a job with other terms is refused. */
export type RunJob = (jobId: bigint, terms: string | undefined) => Promise<void>;

/**
 * Refuses a worker without any job.
 *
 * @throws OPTIONS_INVALID
 */
export function requireJobs({ jobIds, common }: ChosenJobs): void {
  if (jobIds.length > 0 || common.mostJobs !== undefined) return;
  throw new CommonweightError(
    "OPTIONS_INVALID",
    "there is no job to take part in",
    "Name a job with --job, or set --most-jobs to take open jobs by the settings; `commonweight help` lists them.",
  );
}

/**
 * Runs the named jobs until each is over; without any, takes jobs by the settings until `signal` aborts.
 *
 * @throws MONEY_INVALID · TOKEN_INVALID · the first error of a named job, once all have ended
 */
export async function runChosen(
  modules: WorkerModules,
  jobs: ChosenJobs,
  run: RunJob,
  signal: AbortSignal,
): Promise<void> {
  const { jobIds, terms, common } = jobs;
  if (jobIds.length > 0) return runEach(jobIds, modules.log, (jobId) => run(jobId, terms));
  const { chain, contracts, network } = modules;
  const market = await contracts.market.getAddress();
  const modelBytes = async (jobId: bigint) => {
    await network.meet(topicOf(chain.chainId, market, jobId), signal);
    return safetensorsSize((await openJob(modules, jobId, signal)).layout);
  };
  await takeJobs({ ...modules, modelBytes, run }, await policyOf(modules, common), signal);
}

async function policyOf({ contracts }: WorkerModules, common: CommonOptions): Promise<JobPolicy> {
  const { mostJobs: most = 1, maxModelBytes, initiators } = common;
  const { address: token, format } = await readToken(contracts, common.rewardToken);
  return { token, minReward: parseMoney(common.minReward, format), maxModelBytes, initiators, most };
}
