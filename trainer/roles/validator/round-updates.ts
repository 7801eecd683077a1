import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobView, UpdateView } from "@commonweight/sdk/chain/job-view";
import type { Weights } from "../../model/tensors.ts";
import { clipToMedianNorm } from "../../aggregation/clip.ts";
import type { RevealedUpdate } from "../../scoring/score.ts";
import type { JobContext, JobRecipe } from "../worker/job-context.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { fetchUpdate } from "../worker/update-file.ts";

/** Faults of the bytes: the same at every validator, whichever peer served them. */
const MALFORMED = /^(WEIGHTS_|CONTENT_CORRUPT$|CONTENT_TOO_LARGE$)/;

/** Fetches a round's disclosed updates, checks them and discounts stale ones. */
export async function fetchUpdates(
  modules: Pick<WorkerModules, "content" | "log">,
  job: JobContext,
  view: Pick<JobView, "round" | "modelVersion">,
  signal: AbortSignal,
): Promise<readonly RevealedUpdate[]> {
  const { modelVersion, round } = view;
  const updates = round?.updates ?? [];
  return Promise.all(
    updates.map((update, index) => {
      const fetch = (digest: ContentDigest) => fetchUpdate(modules.content, job, { digest, modelVersion }, signal);
      return revealed(modules, update, index, fetch);
    }),
  );
}

/** Clips the valid updates if the job clips; the given updates determine the bound. */
export function clipUpdates(
  job: Pick<JobRecipe, "spec">,
  updates: readonly RevealedUpdate[],
): readonly RevealedUpdate[] {
  if (job.spec.update.clip === "none") return updates;
  const deltas = clipToMedianNorm(updates.flatMap((update) => (update.kind === "valid" ? [update.delta] : [])));
  let next = 0;
  return updates.map((update) =>
    update.kind === "valid" ? { kind: "valid", delta: required(deltas[next++]) } : update,
  );
}

async function revealed(
  { log }: Pick<WorkerModules, "log">,
  update: UpdateView,
  index: number,
  fetch: (digest: ContentDigest) => Promise<Weights>,
): Promise<RevealedUpdate> {
  if (update.isCopy) return { kind: "copy" };
  try {
    return { kind: "valid", delta: await fetch(update.digest) };
  } catch (error) {
    if (!(error instanceof CommonweightError)) throw error;
    const isMalformed = MALFORMED.test(error.code);
    if (!isMalformed && error.code !== "CONTENT_UNAVAILABLE") throw error;
    log.warn({ index, trainer: update.trainer, code: error.code }, "update cannot be used");
    return { kind: isMalformed ? "malformed" : "unavailable" };
  }
}

function required(delta: Weights | undefined): Weights {
  if (delta === undefined) throw new Error("clipping must return as many updates as it gets");
  return delta;
}
