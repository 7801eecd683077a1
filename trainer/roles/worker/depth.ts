import { readShortPeriods, shortPeriodText } from "@commonweight/sdk/chain/depth";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobContext } from "./job-context.ts";
import type { WorkerModules } from "./modules.ts";

/**
 * Refuses a job in whose phases a worker could not wait for the chain's confirmations and act all the same.
 *
 * @throws JOB_PERIODS_SHORT
 */
export async function requireRoomForDepth(
  { chain, contracts }: Pick<WorkerModules, "chain" | "contracts">,
  { jobId, params }: JobContext,
): Promise<void> {
  const [short] = await readShortPeriods(contracts, params, chain.confirmations);
  if (short === undefined) return;
  throw new CommonweightError(
    "JOB_PERIODS_SHORT",
    `job ${jobId} leaves no time for ${chain.confirmations} confirmations: ${shortPeriodText(short)}`,
    "Do not take part in this job: a reorganisation could cost the bond or the lock.",
  );
}
