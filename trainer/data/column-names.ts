import { isClassName } from "./classes.ts";

/** Most columns that a data set names: with names of 80 characters each, a third of a manifest's limit at most. */
export const MAX_NAMED_COLUMNS = 1_024;

/** Whether a text can be the name of a column: as of a class, 1 to 80 characters without control characters. */
export function isColumnName(text: string): boolean {
  return isClassName(text);
}

/**
 * Names of a table's columns as a data set publishes them, in the order of a sample's values.
 *
 * @param names from the header, in order; `undefined` for a column without one
 * @returns `undefined` if one column has no name that can be published, or there are more than 1,024: half a list would
 * name the wrong values
 */
export function columnNamesOf(names: readonly (string | undefined)[]): readonly string[] | undefined {
  const named = names.flatMap((name) => (name !== undefined && isColumnName(name) ? [name] : []));
  return names.length <= MAX_NAMED_COLUMNS && named.length === names.length ? named : undefined;
}
