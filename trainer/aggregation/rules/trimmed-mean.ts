import type { Weights } from "../../model/tensors.ts";
import { fromSortedColumns } from "../vectors/sorted-columns.ts";

/**
 * The coordinate-wise trimmed mean: the mean without the `trim` smallest and the `trim` largest values.
 *
 * Yin et al. 2018 (arXiv 1803.01498), definition 2, with `trim = beta x n`. Values are summed from the smallest to the
 * largest. At least one value remains: of n values at most `floor((n - 1) / 2)` are trimmed at either end.
 *
 * @param trim integer from 0
 */
export function trimmedMean(updates: readonly Weights[], trim: number): Float64Array {
  const first = Math.min(trim, (updates.length - 1) >> 1);
  const end = updates.length - first;
  return fromSortedColumns(updates, (column) => {
    let sum = 0;
    for (let at = first; at < end; at++) sum += column[at]!;
    return sum / (end - first);
  });
}
