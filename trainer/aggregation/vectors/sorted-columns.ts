import type { Weights } from "../../model/tensors.ts";

/**
 * Reduces each coordinate's values, sorted ascending and with -0 as 0, to one number: the result does not depend on the
 * order of the updates.
 *
 * @param updates at least one, all of one length
 * @param reduce must not keep the column, which is reused for the next coordinate
 */
export function fromSortedColumns(updates: readonly Weights[], reduce: (column: Float64Array) => number): Float64Array {
  const column = new Float64Array(updates.length);
  const result = new Float64Array(updates[0]?.length ?? 0);
  for (let at = 0; at < result.length; at++) {
    sortInto(column, updates, at);
    result[at] = reduce(column);
  }
  return result;
}

/** Insertion sort while gathering: several times as fast as `Float64Array.sort` for 64 values. */
function sortInto(column: Float64Array, updates: readonly Weights[], at: number): void {
  for (let own = 0; own < column.length; own++) {
    const value = updates[own]![at]! + 0; // -0 + 0 is +0.
    let place = own;
    for (; place > 0 && column[place - 1]! > value; place--) column[place] = column[place - 1]!;
    column[place] = value;
  }
}
