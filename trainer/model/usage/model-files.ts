import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { exportLayersModel } from "../export-layers-model.ts";
import { tensorLayout } from "../model-layout.ts";
import type { Weights } from "../tensors.ts";
import { writeDescribedSafetensors } from "./described-safetensors.ts";
import type { ModelFacts } from "./model-facts.ts";
import { usageReadme } from "./usage-readme.ts";

/** Files of a released model for its users, by name. The same model and facts give the same bytes. */
export function modelFiles(
  model: ModelSpec,
  weights: Weights,
  facts: ModelFacts,
): Readonly<Record<string, Uint8Array>> {
  return {
    ...exportLayersModel(model, weights, facts),
    "model.safetensors": writeDescribedSafetensors(tensorLayout(model), weights, facts),
    "README.md": new TextEncoder().encode(usageReadme(model, facts)),
  };
}
