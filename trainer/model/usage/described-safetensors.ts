import { encodeHeader, withHeader } from "../safetensors.ts";
import type { TensorLayout } from "../model-layout.ts";
import type { Weights } from "../tensors.ts";
import type { ModelFacts } from "./model-facts.ts";

/** Largest header that the reference implementation of safetensors reads, in bytes. */
const MAX_DESCRIBED_HEADER_BYTES = 100_000_000;

/**
 * Encodes a model for its users: a safetensors file whose `__metadata__` has the model's facts, each as text. Lists and
 * records are JSON. Workers never read this file: its bytes are not those that a committee attested.
 *
 * @throws WEIGHTS_HEADER_TOO_LARGE
 */
export function writeDescribedSafetensors(
  layout: readonly TensorLayout[],
  weights: Weights,
  facts: ModelFacts,
): Uint8Array {
  return withHeader(encodeHeader(layout, metadataOf(facts), MAX_DESCRIBED_HEADER_BYTES), weights);
}

/** The facts as safetensors stores metadata: text by name. What is not known is left out. */
function metadataOf(facts: ModelFacts): Readonly<Record<string, string>> {
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(known.map(([name, value]) => [name, text(value)]));
}
