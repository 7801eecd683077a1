import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../../log.ts";

/**
 * Runs one worker's jobs side by side until each is over. A job that fails ends alone: what was sealed in another is
 * still opened.
 *
 * @throws the first job's error, once all have ended
 */
export async function runEach(
  jobIds: readonly bigint[],
  log: Log,
  run: (jobId: bigint) => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled(
    jobIds.map(async (jobId) => {
      try {
        await run(jobId);
        if (jobIds.length > 1) log.info({ job: `${jobId}` }, "this job is over");
      } catch (error) {
        if (jobIds.length > 1 && error instanceof CommonweightError) {
          log.warn({ job: `${jobId}`, code: error.code, reason: error.message, hint: error.hint }, "job given up");
        }
        throw error;
      }
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
