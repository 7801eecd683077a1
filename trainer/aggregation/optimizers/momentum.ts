import type { ModelState } from "../../model/model-state.ts";

export interface MomentumOptions {
  readonly learningRate: number;
  readonly momentum: number;
}

/**
 * FedAvgM: `m <- momentum x m + d`, `w <- w + learningRate x m`.
 *
 * Hsu et al. 2019, "Measuring the Effects of Non-Identical Data Distribution for Federated Visual Classification"
 * (arXiv 1909.06335), section 4.3, with a learning rate added. State: `m`.
 */
export function momentum(
  { weights, optimizer }: ModelState,
  direction: Float64Array,
  options: MomentumOptions,
): ModelState {
  const next = { weights: new Float32Array(weights.length), optimizer: new Float32Array(optimizer.length) };
  for (let at = 0; at < weights.length; at++) {
    const m = options.momentum * optimizer[at]! + direction[at]!;
    next.optimizer[at] = m;
    next.weights[at] = weights[at]! + options.learningRate * m;
  }
  return next;
}
