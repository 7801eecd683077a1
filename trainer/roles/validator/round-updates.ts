import { CommonweightError } from "../../../sdk/errors.ts";
import type { JobView, UpdateView } from "../../../sdk/job-view.ts";
import type { Weights } from "../../engine/port.ts";
import { clipToMedianNorm } from "../../ml/clip.ts";
import type { RevealedUpdate } from "../../ml/score.ts";
import { fetchWeights, type JobContext } from "../job-context.ts";
import type { WorkerModules } from "../modules.ts";

/** Faults of the bytes themselves: the same at every validator, whoever served them. */
const MALFORMED = /^(WEIGHTS_|CONTENT_CORRUPT$|CONTENT_TOO_LARGE$)/;

/** Fetches a round's disclosed updates and checks them. */
export async function fetchUpdates(
  modules: Pick<WorkerModules, "content" | "log">,
  job: JobContext,
  view: JobView,
  fetchTimeoutMs: number,
  signal: AbortSignal,
): Promise<readonly RevealedUpdate[]> {
  const updates = view.round?.updates ?? [];
  return Promise.all(updates.map((update, index) => fetchUpdate(modules, job, update, index, fetchTimeoutMs, signal)));
}

/** Clips the valid updates where the job clips: the bound follows from those that are handed in. */
export function clipUpdates(job: JobContext, updates: readonly RevealedUpdate[]): readonly RevealedUpdate[] {
  if (job.spec.update.clip === "none") return updates;
  const deltas = clipToMedianNorm(updates.flatMap((update) => (update.kind === "valid" ? [update.delta] : [])));
  let next = 0;
  return updates.map((update) =>
    update.kind === "valid" ? { kind: "valid", delta: required(deltas[next++]) } : update,
  );
}

async function fetchUpdate(
  { content, log }: Pick<WorkerModules, "content" | "log">,
  job: JobContext,
  update: UpdateView,
  index: number,
  fetchTimeoutMs: number,
  signal: AbortSignal,
): Promise<RevealedUpdate> {
  if (update.isCopy) return { kind: "copy" };
  try {
    return { kind: "valid", delta: await fetchWeights(content, job, update.digest, fetchTimeoutMs, signal) };
  } catch (error) {
    if (!(error instanceof CommonweightError)) throw error;
    const isMalformed = MALFORMED.test(error.code);
    if (!isMalformed && error.code !== "CONTENT_UNAVAILABLE") throw error;
    log.warn({ index, trainer: update.trainer, code: error.code }, "update cannot be used");
    return { kind: isMalformed ? "malformed" : "unavailable" };
  }
}

function required(delta: Weights | undefined): Weights {
  if (delta === undefined) throw new Error("clipping gives as many updates as it takes");
  return delta;
}
