import { ZeroAddress } from "ethers";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import type { Reader } from "../wiring/reader.ts";

/**
 * Reads a job's state at the newest block, from no account's point of view.
 *
 * @throws JOB_UNKNOWN
 */
export async function readJobView(
  { chain, contracts }: Pick<Reader, "chain" | "contracts">,
  jobId: bigint,
  signal: AbortSignal,
): Promise<JobView> {
  const params = await readJobParams(contracts, jobId);
  return readJob(contracts, { jobId, params, account: ZeroAddress, block: await chain.head(signal) });
}
