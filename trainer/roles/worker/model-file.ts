import { contentIdOf, digestOf, type ContentDigest } from "@commonweight/sdk/protocol/content-id";
import type { ContentStore } from "../../content/port.ts";
import { initialState, stateFrom, stateLayout, valuesOf, type ModelState } from "../../model/model-state.ts";
import { readSafetensors, safetensorsSize, writeSafetensors } from "../../model/safetensors.ts";
import type { JobContext } from "./job-context.ts";

/** The model to fetch. */
export interface ModelRequest {
  readonly digest: ContentDigest;
  readonly fetchTimeoutMs: number;
}

/**
 * Fetches a model: exactly as long as its layout says, or refused.
 *
 * The job's initial model has weights alone, and its optimiser's state is zero; every other carries the state that its
 * committee attested. The digest tells which it is, so there is one form that is accepted for each.
 *
 * @throws WEIGHTS_* · what `ContentStore.fetch` throws
 */
export async function fetchModel(
  content: ContentStore,
  { layout, spec }: Pick<JobContext, "layout" | "spec">,
  { digest, fetchTimeoutMs }: ModelRequest,
  signal: AbortSignal,
): Promise<ModelState> {
  const isInitial = digest === digestOf(spec.initialModel);
  const whole = isInitial ? layout : stateLayout(layout, spec.serverOptimizer);
  const limits = { maxBytes: safetensorsSize(whole), timeoutMs: fetchTimeoutMs };
  const values = readSafetensors(await content.fetch(contentIdOf(digest), limits, signal), whole);
  return isInitial ? initialState(values, layout, spec.serverOptimizer) : stateFrom(values, layout);
}

/** Stores and serves a model with its optimiser's state; gives the digest that the chain keeps. */
export async function publishModel(
  content: ContentStore,
  { layout, spec }: Pick<JobContext, "layout" | "spec">,
  model: ModelState,
): Promise<ContentDigest> {
  const whole = stateLayout(layout, spec.serverOptimizer);
  return digestOf(await content.add(writeSafetensors(whole, valuesOf(model))));
}
