import { contentIdOf, digestOf, type ContentDigest } from "@commonweight/sdk/protocol/content-id";
import type { ContentStore } from "../../content/port.ts";
import { initialState, stateFrom, stateLayout, valuesOf, type ModelState } from "../../model/model-state.ts";
import { readSafetensors, safetensorsSize, writeSafetensors } from "../../model/safetensors.ts";
import type { JobContext } from "./job-context.ts";

/**
 * Fetches a model; refuses a file that does not have exactly its layout.
 *
 * The job's initial model has only weights, and its optimizer's state is zero; every later model includes the state
 * that its committee attested. The digest decides which layout applies.
 *
 * @throws WEIGHTS_* · errors of `ContentStore.fetch`
 */
export async function fetchModel(
  content: ContentStore,
  { layout, spec }: Pick<JobContext, "layout" | "spec">,
  digest: ContentDigest,
  signal: AbortSignal,
): Promise<ModelState> {
  const isInitial = digest === digestOf(spec.initialModel);
  const whole = isInitial ? layout : stateLayout(layout, spec.serverOptimizer);
  const limits = { maxBytes: safetensorsSize(whole) };
  const values = readSafetensors(await content.fetch(contentIdOf(digest), limits, signal), whole);
  return isInitial ? initialState(values, layout, spec.serverOptimizer) : stateFrom(values, layout);
}

/** Stores and serves a model with its optimizer's state; returns the digest for the chain. */
export async function publishModel(
  content: ContentStore,
  { layout, spec }: Pick<JobContext, "layout" | "spec">,
  model: ModelState,
): Promise<ContentDigest> {
  const whole = stateLayout(layout, spec.serverOptimizer);
  return digestOf(await content.add(writeSafetensors(whole, valuesOf(model))));
}
