import type { Weights } from "../model/tensors.ts";

/**
 * Clips updates to the lower median of their L2 norms, so that scaling an update up gains nothing.
 *
 * An update whose norm n exceeds the median m becomes `float32(x * (m / n))`, value by value; the others are returned
 * unchanged, as the same arrays. Norms are sums of squares in float64, in the order of the values: the same bytes on
 * every machine. After rounding, a norm may exceed the bound by one part in 2^24. Norm clipping as in Sun et al. 2019
 * (arXiv 1911.07963), but with a bound computed from the updates.
 *
 * @param updates differences of the valid updates, all finite
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

/** L2 norm; squares are summed in float64, from the first value to the last. */
export function normOf(update: Weights): number {
  let sum = 0;
  for (let at = 0; at < update.length; at++) {
    const value = update[at] ?? 0;
    sum += value * value;
  }
  return Math.sqrt(sum);
}

/** The median; the lower of the two middle values for an even number, 0 for none. */
function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

function scaled(update: Weights, factor: number): Weights {
  const result = new Float32Array(update.length);
  for (let at = 0; at < update.length; at++) result[at] = (update[at] ?? 0) * factor;
  return result;
}
