import type { Weights } from "../model/tensors.ts";
import { directionOf, type AggregationRule } from "./direction.ts";
import { serverStep } from "./server-step.ts";

/**
 * Computes the next model of a job without a server optimizer: `float32(base + direction)`.
 *
 * @param base weights of the current model
 * @param updates differences to it, each of its length, as `directionOf` takes them
 * @throws AGGREGATE_* as `directionOf` and `serverStep` do
 */
export function aggregate(base: Weights, updates: readonly Weights[], rule: AggregationRule): Weights {
  const model = { weights: base, optimizer: new Float32Array() };
  return serverStep(model, directionOf(updates, rule), { kind: "none" }).weights;
}
