import type { Weights } from "../../model/tensors.ts";
import { fromSortedColumns } from "../vectors/sorted-columns.ts";

/**
 * The coordinate-wise median; the mean of the two middle values for an even number of updates.
 *
 * Yin et al. 2018, "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates" (arXiv 1803.01498),
 * definition 1.
 */
export function median(updates: readonly Weights[]): Float64Array {
  const upper = updates.length >> 1;
  const lower = (updates.length - 1) >> 1;
  return fromSortedColumns(updates, (column) => (column[lower]! + column[upper]!) / 2);
}
