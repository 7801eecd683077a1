import type { ModelState } from "../../model/model-state.ts";

export interface AdaptiveOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root in the denominator, so that small steps stay small. */
  readonly tau: number;
}

/** Parameters of one step, with the differences between FedAdam and FedYogi. */
export interface AdaptiveStep extends Pick<AdaptiveOptions, "beta1" | "tau"> {
  readonly rate: number;
  /** Next second moment, from the last one and the square of the direction. */
  readonly secondMoment: (v: number, square: number) => number;
}

/**
 * The step of FedAdam and FedYogi:
 *
 *     m <- beta1 m + (1 - beta1) d
 *     v <- secondMoment(v, d^2)
 *     w <- w + rate x m / (sqrt(v) + tau)
 *
 * Reddi et al. 2021, "Adaptive Federated Optimization" (arXiv 2003.00295), algorithm 2. In the paper v starts at tau^2
 * or above; here at 0, as in Flower. State: `m`, then `v`; values after these are set to 0.
 */
export function adaptiveStep(
  { weights, optimizer }: ModelState,
  direction: Float64Array,
  { beta1, tau, rate, secondMoment }: AdaptiveStep,
): ModelState {
  const count = weights.length;
  const next = { weights: new Float32Array(count), optimizer: new Float32Array(optimizer.length) };
  for (let at = 0; at < count; at++) {
    const d = direction[at]!;
    const m = beta1 * optimizer[at]! + (1 - beta1) * d;
    const v = secondMoment(optimizer[count + at]!, d * d);
    next.optimizer[at] = m;
    next.optimizer[count + at] = v;
    next.weights[at] = weights[at]! + (rate * m) / (Math.sqrt(v) + tau);
  }
  return next;
}
