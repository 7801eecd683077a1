import type { Weights } from "../engine/port.ts";

/**
 * Makes one number of each coordinate's values, which are handed over in ascending order, -0 before +0: the same whatever
 * the order of the updates.
 *
 * @param updates at least one, all of one length
 * @param reduce must not keep the column: it is written again for the next coordinate
 */
export function fromSortedColumns(updates: readonly Weights[], reduce: (column: Float64Array) => number): Float64Array {
  const column = new Float64Array(updates.length);
  const result = new Float64Array(updates[0]?.length ?? 0);
  for (let at = 0; at < result.length; at++) {
    for (let own = 0; own < column.length; own++) column[own] = updates[own]![at]!;
    result[at] = reduce(column.sort());
  }
  return result;
}
