import { contentIdOf, digestOf, type ContentDigest } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentStore } from "../../content/port.ts";
import type { Weights } from "../../model/tensors.ts";
import {
  MAX_MODEL_VERSION,
  readSafetensors,
  readVersionedSafetensors,
  safetensorsSize,
  writeSafetensors,
} from "../../model/safetensors.ts";
import { discounted } from "../../aggregation/stale.ts";
import type { JobContext } from "./job-context.ts";

type Job = Pick<JobContext, "layout" | "spec">;

/** The update to fetch. */
export interface UpdateRequest {
  readonly digest: ContentDigest;
  /** Model version at the start of the round. */
  readonly modelVersion: number;
}

/**
 * Fetches an update and discounts it by its staleness.
 *
 * If the job allows no stale updates, the file must not have a model version; else a file without one is fresh.
 *
 * @throws WEIGHTS_* · WEIGHTS_FUTURE trained from a later model version · WEIGHTS_STALE from one that is too old ·
 * errors of `ContentStore.fetch`
 */
export async function fetchUpdate(
  content: ContentStore,
  job: Job,
  { digest, modelVersion }: UpdateRequest,
  signal: AbortSignal,
): Promise<Weights> {
  const limits = { maxBytes: maxUpdateSize(job) };
  return readUpdate(await content.fetch(contentIdOf(digest), limits, signal), job, modelVersion);
}

/** Reads an update's bytes; see `fetchUpdate`. */
export function readUpdate(bytes: Uint8Array, { layout, spec }: Job, modelVersion: number): Weights {
  const { maxStaleness } = spec.update;
  if (maxStaleness === 0) return readSafetensors(bytes, layout);
  const { weights, modelVersion: from = modelVersion } = readVersionedSafetensors(bytes, layout);
  if (from > modelVersion) throw refuse("WEIGHTS_FUTURE", from, modelVersion);
  if (modelVersion - from > maxStaleness) throw refuse("WEIGHTS_STALE", from, modelVersion);
  return discounted(weights, modelVersion - from);
}

/** Encodes an update, with the model version that it was trained from if the job allows stale updates. */
export function writeUpdate({ layout, spec }: Job, delta: Weights, trainedFrom: number): Uint8Array {
  return writeSafetensors(layout, delta, spec.update.maxStaleness === 0 ? undefined : trainedFrom);
}

/** Stores and serves an update; returns the digest to commit to. */
export async function publishUpdate(
  content: ContentStore,
  job: Job,
  delta: Weights,
  trainedFrom: number,
): Promise<ContentDigest> {
  return digestOf(await content.add(writeUpdate(job, delta, trainedFrom)));
}

/** Largest file that can be an update of the job, in bytes. */
function maxUpdateSize({ layout, spec }: Job): number {
  return safetensorsSize(layout, spec.update.maxStaleness === 0 ? undefined : MAX_MODEL_VERSION);
}

function refuse(code: string, from: number, modelVersion: number): CommonweightError {
  const message = `the update is trained from model version ${from}, the current one is ${modelVersion}`;
  return new CommonweightError(code, message, "Train from the job's newest model.");
}
