import type { ModelState } from "../../model/model-state.ts";
import { adaptiveStep, type AdaptiveOptions } from "./adaptive.ts";

/**
 * FedYogi: `v <- v - (1 - beta2) d^2 sign(v - d^2)`, so that v decreases slowly too.
 *
 * Reddi et al. 2021 (arXiv 2003.00295), algorithm 2; Zaheer et al. 2018, "Adaptive Methods for Nonconvex Optimization".
 * Without bias correction, as in both. State: `m`, `v`.
 */
export function yogi(model: ModelState, direction: Float64Array, options: AdaptiveOptions): ModelState {
  const { learningRate, beta2 } = options;
  const secondMoment = (v: number, square: number): number => v - (1 - beta2) * square * Math.sign(v - square);
  return adaptiveStep(model, direction, { ...options, rate: learningRate, secondMoment });
}
