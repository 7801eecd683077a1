import type { Weights } from "../../model/tensors.ts";

export interface CentredClipOptions {
  /** Maximum distance, as L2 norm, by which one update moves the centre; positive. */
  readonly radius: number;
  /** Whole number from 1. */
  readonly iterations: number;
}

/**
 * Centred clipping: repeats `v <- v + (1/n) sum (u_i - v) min(1, radius / |u_i - v|)`.
 *
 * Karimireddy et al. 2021, "Learning from History for Byzantine Robust Optimization" (arXiv 2012.10333), section 4. The
 * paper starts at the aggregate of the previous step, because its workers send momenta, which change little from step
 * to step. Updates here are the remaining error, which changes with every model, and momentum belongs to the server
 * optimizer. So the centre starts at 0, the zero update, and the rule has no state. Any number of updates is accepted.
 */
export function centredClip(updates: readonly Weights[], { radius, iterations }: CentredClipOptions): Float64Array {
  const centre = new Float64Array(updates[0]?.length ?? 0);
  const pull = new Float64Array(centre.length);
  for (let iteration = 0; iteration < iterations; iteration++) {
    pull.fill(0);
    for (const update of updates) addClipped(pull, update, centre, radius);
    for (let at = 0; at < centre.length; at++) centre[at] = centre[at]! + pull[at]! / updates.length;
  }
  return centre;
}

function addClipped(pull: Float64Array, update: Weights, centre: Float64Array, radius: number): void {
  const distance = distanceTo(centre, update);
  const factor = distance > radius ? radius / distance : 1;
  for (let at = 0; at < pull.length; at++) pull[at] = pull[at]! + (update[at]! - centre[at]!) * factor;
}

function distanceTo(centre: Float64Array, update: Weights): number {
  let sum = 0;
  for (let at = 0; at < update.length; at++) {
    const difference = update[at]! - centre[at]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
