import type { Weights } from "../../model/tensors.ts";
import { mean } from "../vectors/mean.ts";
import { squaredDistances } from "../vectors/squared-distances.ts";

export interface MultiKrumOptions {
  /** Number of updates that may be arbitrary, `f` in the paper; integer from 0. */
  readonly faulty: number;
  /** Number of updates that are averaged, `m` in the paper; integer from 1. */
  readonly selected: number;
}

/**
 * Multi-Krum: the mean of the `selected` updates that are closest to their neighbours.
 *
 * Blanchard et al. 2017, "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent" (NeurIPS 2017),
 * section 4: an update's score is the sum of the squared L2 distances to its `n - f - 2` nearest others; of equal
 * scores the earlier update wins. Distances are summed in the order of the values, scores from the nearest neighbour to
 * the farthest, and the mean in the order of the updates.
 *
 * The paper requires `n > 2f + 2`. With fewer updates, f is reduced to `floor((n - 3) / 2)`, and m to `n - f`, because
 * a larger m would include updates that Krum excludes. Krum is not defined for one or two updates: the result is their
 * mean.
 */
export function multiKrum(updates: readonly Weights[], { faulty, selected }: MultiKrumOptions): Float64Array {
  const count = updates.length;
  if (count < 3) return mean(updates);
  const withstood = Math.min(faulty, (count - 3) >> 1);
  const scores = krumScores(updates, count - withstood - 2);
  const best = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b);
  const chosen = best.slice(0, Math.min(selected, count - withstood)).sort((a, b) => a - b);
  return mean(chosen.map((index) => updates[index]!));
}

function krumScores(updates: readonly Weights[], neighbours: number): Float64Array {
  return Float64Array.from(squaredDistances(updates), (row, own) => {
    const nearest = row.filter((_, other) => other !== own).sort();
    return nearest.subarray(0, neighbours).reduce((sum, distance) => sum + distance, 0);
  });
}
