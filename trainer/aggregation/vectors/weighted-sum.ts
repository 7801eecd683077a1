import type { Weights } from "../../model/tensors.ts";

/** Values in one block: its accumulators fit the processor's first-level cache. */
const BLOCK = 1_024;

/**
 * `(c_0 u_0 + c_1 u_1 + ...) / divisor`, value by value, in float64.
 *
 * Every sum starts at +0 and adds the updates in their order. It uses only `+ x /` and coordinates are independent, so
 * the bits depend on neither the block size nor the machine.
 *
 * @param updates at least one, all of one length
 * @param coefficients one for each update
 * @param divisor positive
 */
export function weightedSum(updates: readonly Weights[], coefficients: Float64Array, divisor: number): Float64Array {
  const result = new Float64Array(updates[0]?.length ?? 0);
  for (let start = 0; start < result.length; start += BLOCK) {
    const sums = result.subarray(start, start + BLOCK);
    addUpdates(sums, updates, coefficients, start);
    for (let at = 0; at < sums.length; at++) sums[at] = sums[at]! / divisor;
  }
  return result;
}

/** Four updates a pass: a quarter of the accumulator's memory traffic, in the same order of additions. */
function addUpdates(sums: Float64Array, updates: readonly Weights[], coefficients: Float64Array, start: number): void {
  let next = 0;
  for (; next + 4 <= updates.length; next += 4) {
    addFour(sums, updates.slice(next, next + 4), coefficients.subarray(next, next + 4), start);
  }
  for (; next < updates.length; next++) addOne(sums, updates[next]!, coefficients[next]!, start);
}

function addFour(sums: Float64Array, updates: readonly Weights[], coefficients: Float64Array, start: number): void {
  const [u0, u1, u2, u3] = [updates[0]!, updates[1]!, updates[2]!, updates[3]!];
  const [c0, c1, c2, c3] = [coefficients[0]!, coefficients[1]!, coefficients[2]!, coefficients[3]!];
  const { length } = sums;
  for (let at = 0; at < length; at++) {
    const from = start + at;
    sums[at] = sums[at]! + c0 * u0[from]! + c1 * u1[from]! + c2 * u2[from]! + c3 * u3[from]!;
  }
}

function addOne(sums: Float64Array, update: Weights, coefficient: number, start: number): void {
  const { length } = sums;
  for (let at = 0; at < length; at++) sums[at] = sums[at]! + coefficient * update[start + at]!;
}
