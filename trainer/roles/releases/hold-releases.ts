import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readHistory, bestRelease, releasesOf } from "@commonweight/sdk/chain/read-history";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobContext } from "../worker/job-context.ts";
import { fetchModel } from "../worker/model-file.ts";
import type { WorkerModules } from "../worker/modules.ts";

/**
 * Fetches the models that a closed job's strangers ask for, so that this worker serves them: the best confirmed one and
 * the newest one. A seat has the models that it computed and scored from; the others are left to the initiator.
 *
 * @returns whether it has both
 */
export async function holdReleases(
  { contracts, content, log }: Pick<WorkerModules, "contracts" | "content" | "log">,
  job: JobContext,
  view: JobView,
  signal: AbortSignal,
): Promise<boolean> {
  const { rounds } = await readHistory(contracts, view);
  const releases = releasesOf(view, rounds);
  const wanted = new Set([bestRelease(releases), releases.at(-1)].flatMap((release) => release?.digest ?? []));
  for (const digest of wanted) {
    try {
      await fetchModel(content, job, digest, signal);
    } catch (error) {
      if (!(error instanceof CommonweightError) || signal.aborted) throw error;
      const { code, message: reason, hint } = error;
      log.warn({ jobId: job.jobId.toString(), code, reason, hint }, "a released model cannot be served yet");
      return false;
    }
  }
  return true;
}
