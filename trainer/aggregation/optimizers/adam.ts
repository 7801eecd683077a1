import { MAX_ROUNDS } from "@commonweight/sdk/protocol/limits";
import type { ModelState } from "../../model/model-state.ts";
import { adaptiveStep, type AdaptiveOptions } from "./adaptive.ts";

/**
 * FedAdam: `v <- beta2 v + (1 - beta2) d^2`, with bias correction.
 *
 * Reddi et al. 2021 (arXiv 2003.00295), algorithm 2. Bias correction as in Kingma & Ba 2015 (arXiv 1412.6980), end of
 * section 2: in step t the rate is `learningRate x sqrt(1 - beta2^t) / (1 - beta1^t)`. Powers are repeated products,
 * because JavaScript engines differ in `Math.pow`. State: `m`, `v`, and `step`, the number of steps done.
 */
export function adam(model: ModelState, direction: Float64Array, options: AdaptiveOptions): ModelState {
  const { learningRate, beta1, beta2 } = options;
  const steps = (model.optimizer.at(-1) ?? 0) + 1;
  const rate = (learningRate * Math.sqrt(1 - power(beta2, steps))) / (1 - power(beta1, steps));
  const secondMoment = (v: number, square: number): number => beta2 * v + (1 - beta2) * square;
  const next = adaptiveStep(model, direction, { ...options, rate, secondMoment });
  next.optimizer[next.optimizer.length - 1] = steps;
  return next;
}

/** `base ^ exponent`, with at most `MAX_ROUNDS` factors: a job has no more steps than rounds. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let step = 0; step < Math.min(exponent, MAX_ROUNDS); step++) product *= base;
  return product;
}
