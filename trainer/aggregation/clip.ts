import type { Weights } from "../model/tensors.ts";

/**
 * Clips updates to the lower median of their L2 norms, so that nobody gains by scaling an update up.
 *
 * An update whose norm n exceeds the median m becomes `float32(x * (m / n))`, value by value; the others are handed on
 * unchanged, the same arrays. Norms sum squares in float64 in the order of the values, so the result is the same bytes
 * on every machine. After rounding a norm may exceed the bound by one part in 2^24. The idea is norm clipping as in Sun
 * et al. 2019 (arXiv 1911.07963), the bound taken from the updates.
 *
 * @param updates the valid updates' deltas, each finite
 * @returns as many updates, in the same order
 */
export function clipToMedianNorm(updates: readonly Weights[]): readonly Weights[] {
  const norms = updates.map(normOf);
  const limit = lowerMedian(norms);
  return updates.map((update, at) => {
    const norm = norms[at] ?? 0;
    return norm > limit ? scaled(update, limit / norm) : update;
  });
}

/** L2 norm: squares summed in float64, from the first value to the last. */
export function normOf(update: Weights): number {
  let sum = 0;
  for (let at = 0; at < update.length; at++) {
    const value = update[at] ?? 0;
    sum += value * value;
  }
  return Math.sqrt(sum);
}

/** Of an even number of values the smaller of the middle two; 0 of none. */
function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

function scaled(update: Weights, factor: number): Weights {
  const result = new Float32Array(update.length);
  for (let at = 0; at < update.length; at++) result[at] = (update[at] ?? 0) * factor;
  return result;
}
