import type { Weights } from "../../model/tensors.ts";
import { weightedSum } from "../vectors/weighted-sum.ts";

/**
 * `sum g_i u_i / sum g_i` with `g_i = max(0, score_i)`: weights in proportion to gains. All zeros if no score is
 * positive.
 *
 * Weighting by measured contribution as in Wang et al. 2020, "A Principled Approach to Data Valuation for Federated
 * Learning" (arXiv 2009.06192); the scores of the rule `contribution` are its values. Scores are integers below 2^15,
 * at most 64 of them, so their sum is exact.
 *
 * @param scores consensus scores, one for each update
 */
export function gain(updates: readonly Weights[], scores: readonly number[]): Float64Array {
  const gains = Float64Array.from(scores, (score) => Math.max(0, score));
  const total = gains.reduce((sum, own) => sum + own, 0);
  return weightedSum(updates, gains, total === 0 ? 1 : total);
}
