import type { Weights } from "../model/tensors.ts";

/**
 * Discounts an update that was trained from an older model: `float32(u / sqrt(1 + staleness))`, value by value.
 *
 * Nguyen et al. 2022, "Federated Learning with Buffered Asynchronous Aggregation" (FedBuff, arXiv 2106.06639), section
 * 5. It comes before clipping, scoring and aggregation. A fresh update is handed on unchanged, the same array.
 *
 * @param staleness released models between the one trained from and the current one; whole number from 0
 */
export function discounted(update: Weights, staleness: number): Weights {
  if (staleness === 0) return update;
  const divisor = Math.sqrt(1 + staleness);
  return update.map((value) => value / divisor);
}
