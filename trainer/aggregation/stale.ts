import type { Weights } from "../model/tensors.ts";

/**
 * Discounts an update that was trained from an older model: `float32(u / sqrt(1 + staleness))`, value by value.
 *
 * Nguyen et al. 2022, "Federated Learning with Buffered Asynchronous Aggregation" (FedBuff, arXiv 2106.06639), section
 * 5. Applied before clipping, scoring and aggregation. For staleness 0 it returns the same array.
 *
 * @param staleness number of models released since the one trained from; integer from 0
 */
export function discounted(update: Weights, staleness: number): Weights {
  if (staleness === 0) return update;
  const divisor = Math.sqrt(1 + staleness);
  return update.map((value) => value / divisor);
}
