import type { Weights } from "../../model/tensors.ts";

/** Values in one block: 64 updates' values of it fit the processor's second-level cache. */
const BLOCK = 1_024;

/**
 * Squared L2 distances of all pairs of updates, row by row.
 *
 * Each is a sum of squares in float64 from the first value to the last; blocks only interleave the pairs.
 *
 * @param updates all of one length
 */
export function squaredDistances(updates: readonly Weights[]): readonly Float64Array[] {
  const rows = updates.map(() => new Float64Array(updates.length));
  const length = updates[0]?.length ?? 0;
  for (let start = 0; start < length; start += BLOCK) {
    const parts = updates.map((update) => update.subarray(start, start + BLOCK));
    for (const [own, row] of rows.entries()) addBelow(row, parts, own);
  }
  for (const [own, row] of rows.entries()) {
    for (let other = 0; other < own; other++) rows[other]![own] = row[other]!;
  }
  return rows;
}

/** Adds the block's squares for all earlier updates, four per pass: four independent sums run in parallel. */
function addBelow(row: Float64Array, parts: readonly Weights[], own: number): void {
  const part = parts[own]!;
  let other = 0;
  for (; other + 4 <= own; other += 4) addFour(row.subarray(other, other + 4), part, parts.slice(other, other + 4));
  for (; other < own; other++) row[other] = addOne(row[other]!, part, parts[other]!);
}

function addFour(sums: Float64Array, part: Weights, others: readonly Weights[]): void {
  const [p0, p1, p2, p3] = [others[0]!, others[1]!, others[2]!, others[3]!];
  let [s0, s1, s2, s3] = [sums[0]!, sums[1]!, sums[2]!, sums[3]!];
  for (let at = 0; at < part.length; at++) {
    const value = part[at]!;
    const d0 = value - p0[at]!;
    const d1 = value - p1[at]!;
    const d2 = value - p2[at]!;
    const d3 = value - p3[at]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  sums.set([s0, s1, s2, s3]);
}

function addOne(start: number, part: Weights, other: Weights): number {
  let sum = start;
  for (let at = 0; at < part.length; at++) {
    const difference = part[at]! - other[at]!;
    sum += difference * difference;
  }
  return sum;
}
