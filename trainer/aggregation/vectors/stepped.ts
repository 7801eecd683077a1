import type { Weights } from "../../model/tensors.ts";

/** `float32(base + rate x direction)`, value by value, rounded once. */
export function stepped(base: Weights, direction: Float64Array, rate = 1): Weights {
  const result = new Float32Array(base.length);
  for (let at = 0; at < base.length; at++) result[at] = base[at]! + rate * direction[at]!;
  return result;
}
