import type { JobFile } from "../job-file/job-file-schema.ts";
import {
  completeJob,
  resolveJobFile,
  resolveModel,
  type CompleteJob,
  type DataFacts,
  type JobContent,
  type JobFacts,
} from "../job-file/resolve-job-file.ts";
import type { Contracts } from "./contracts.ts";
import { providerOf } from "./job-events.ts";
import { readToken } from "./token-format.ts";

/** Inputs from neither the job file nor the chain: content ids and facts about the data. */
export type JobFiles = Pick<JobContent, "initialModel"> &
  Partial<JobContent> &
  DataFacts &
  Partial<Pick<JobFacts, "initialScore" | "holdoutSamples">>;

/**
 * Resolves a checked job file to its parameters and specification, with the token and the time from the chain.
 *
 * @throws errors of `resolveModel` and `resolveJobFile` · TOKEN_INVALID
 */
export async function resolveJob(contracts: Contracts, job: JobFile, files: JobFiles): Promise<CompleteJob> {
  const [token, block] = await Promise.all([
    readToken(contracts, job.money.token),
    providerOf(contracts).getBlock("latest"),
  ]);
  if (block === null) throw new Error("the chain has no block");
  const { manifest, initialModel, holdoutRoot, initialScore, holdoutSamples = 0 } = files;
  const resolved = resolveJobFile(job, {
    model: resolveModel(job, files),
    initialScore,
    holdoutSamples,
    tokenAddress: token.address,
    tokenFormat: token.format,
    now: block.timestamp,
  });
  return completeJob(resolved, { manifest, initialModel, holdoutRoot });
}
