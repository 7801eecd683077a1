import type { JobFile } from "../job-file/job-file-schema.ts";
import { resolveJobFile, type JobFacts, type ResolvedJob } from "../job-file/resolve-job-file.ts";
import { PRESETS } from "../spec/presets.ts";
import type { Contracts } from "./contracts.ts";
import { providerOf } from "./job-events.ts";
import { readToken } from "./token-format.ts";

/** What neither the job file nor the chain says. */
export type JobFiles = Pick<JobFacts, "initialModel"> &
  Partial<Pick<JobFacts, "manifest" | "initialScore" | "holdoutSamples" | "holdoutRoot" | "inputShape" | "classes">>;

/**
 * Turns a checked job file into what goes to IPFS and what goes on chain, with the token and the time that the chain gives.
 *
 * @param files content id of the initial model, and what is known of the data
 * @throws what `resolveJobFile` throws · TOKEN_INVALID
 */
export async function resolveJob(contracts: Contracts, job: JobFile, files: JobFiles): Promise<ResolvedJob> {
  const [token, block] = await Promise.all([
    readToken(contracts, job.money.token),
    providerOf(contracts).getBlock("latest"),
  ]);
  if (block === null) throw new Error("the chain has no block");
  return resolveJobFile(job, {
    manifest: undefined,
    holdoutSamples: 0,
    presets: PRESETS,
    ...files,
    tokenAddress: token.address,
    tokenFormat: token.format,
    now: block.timestamp,
  });
}
