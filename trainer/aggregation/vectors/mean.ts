import type { Weights } from "../../model/tensors.ts";
import { stepped } from "./stepped.ts";
import { weightedSum } from "./weighted-sum.ts";

/** `(sum of updates) / count` in float64. A `count` above the number of updates adds zero updates. */
export function mean(updates: readonly Weights[], count = updates.length): Float64Array {
  return weightedSum(updates, new Float64Array(updates.length).fill(1), count);
}

/** `float32(base + (sum of updates) / count)`; `base` for no updates. */
export function meanOf(base: Weights, updates: readonly Weights[], count: number): Weights {
  return updates.length === 0 ? base : stepped(base, mean(updates, count));
}
