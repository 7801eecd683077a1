import type { ModelState } from "../../model/model-state.ts";
import type { MomentumOptions } from "./momentum.ts";

/**
 * The outer optimizer of DiLoCo, Nesterov momentum: `m <- momentum x m + d`, `w <- w + learningRate x (d + momentum x
 * m)`.
 *
 * Douillard et al. 2023, "DiLoCo: Distributed Low-Communication Training of Language Models" (arXiv 2311.08105),
 * algorithm 1, in the form of Sutskever et al. 2013, as PyTorch's `SGD(nesterov=True)`. State: `m`.
 */
export function nesterov(
  { weights, optimizer }: ModelState,
  direction: Float64Array,
  options: MomentumOptions,
): ModelState {
  const next = { weights: new Float32Array(weights.length), optimizer: new Float32Array(optimizer.length) };
  for (let at = 0; at < weights.length; at++) {
    const m = options.momentum * optimizer[at]! + direction[at]!;
    next.optimizer[at] = m;
    next.weights[at] = weights[at]! + options.learningRate * (direction[at]! + options.momentum * m);
  }
  return next;
}
