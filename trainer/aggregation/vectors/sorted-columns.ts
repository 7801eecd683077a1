import type { Weights } from "../../model/tensors.ts";

/**
 * Makes one number of each coordinate's values, which are handed over in ascending order, zeros without a sign: the
 * same whatever the order of the updates.
 *
 * @param updates at least one, all of one length
 * @param reduce must not keep the column: it is written again for the next coordinate
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

/** Insertion while gathering: for 64 values several times as fast as `Float64Array.sort`. */
function sortInto(column: Float64Array, updates: readonly Weights[], at: number): void {
  for (let own = 0; own < column.length; own++) {
    const value = updates[own]![at]! + 0; // -0 + 0 is +0.
    let place = own;
    for (; place > 0 && column[place - 1]! > value; place--) column[place] = column[place - 1]!;
    column[place] = value;
  }
}
