import type { Weights } from "../engine/port.ts";

/** Values in one block: two blocks of accumulators and weights stay in the processor's first cache. */
const BLOCK = 1_024;

/**
 * `float32(base + (c_0 u_0 + c_1 u_1 + ...) / divisor)`, value by value.
 *
 * Every value's sum starts from +0 and takes the updates in their order, in float64; there is one rounding to float32. Only
 * `+ x /` are used and values do not mix, so neither blocks nor machines change a bit.
 *
 * @param base as many values as every update
 * @param coefficients one for each update
 * @param divisor positive
 */
export function weightedSum(
  base: Weights,
  updates: readonly Weights[],
  coefficients: Float64Array,
  divisor: number,
): Weights {
  const result = new Float32Array(base.length);
  const sums = new Float64Array(BLOCK);
  for (let start = 0; start < base.length; start += BLOCK) {
    const length = Math.min(BLOCK, base.length - start);
    sums.fill(0);
    addUpdates(sums, updates, coefficients, start, length);
    for (let at = 0; at < length; at++) result[start + at] = base[start + at]! + sums[at]! / divisor;
  }
  return result;
}

/** Four updates a pass: a quarter of the accumulator's traffic, the same order of additions. */
function addUpdates(
  sums: Float64Array,
  updates: readonly Weights[],
  coefficients: Float64Array,
  start: number,
  length: number,
): void {
  let next = 0;
  for (; next + 4 <= updates.length; next += 4) {
    addFour(sums, updates.slice(next, next + 4), coefficients.subarray(next, next + 4), start, length);
  }
  for (; next < updates.length; next++) addOne(sums, updates[next]!, coefficients[next]!, start, length);
}

function addFour(
  sums: Float64Array,
  updates: readonly Weights[],
  coefficients: Float64Array,
  start: number,
  length: number,
): void {
  const [u0, u1, u2, u3] = [updates[0]!, updates[1]!, updates[2]!, updates[3]!];
  const [c0, c1, c2, c3] = [coefficients[0]!, coefficients[1]!, coefficients[2]!, coefficients[3]!];
  for (let at = 0; at < length; at++) {
    const from = start + at;
    sums[at] = sums[at]! + c0 * u0[from]! + c1 * u1[from]! + c2 * u2[from]! + c3 * u3[from]!;
  }
}

function addOne(sums: Float64Array, update: Weights, coefficient: number, start: number, length: number): void {
  for (let at = 0; at < length; at++) sums[at] = sums[at]! + coefficient * update[start + at]!;
}
