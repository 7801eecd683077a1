const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA_NUMBER = /^[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?$/i;
const MISSING = /^(|n\/?a|#n\/a|nan|null|none|missing|\?|-|\.)$/i;

/** The decimal mark of a table's numbers. */
export type DecimalMark = "." | ",";

/** Whether a cell says that its value is missing: empty, NA, NaN, null, ? and the like. */
export function isMissing(cell: string): boolean {
  return MISSING.test(cell);
}

/** A cell's number; NaN if it is none, or beyond float32. */
export function numberOf(cell: string, mark: DecimalMark): number {
  if (NUMBER.test(cell)) return bounded(Number(cell));
  if (mark === "," && COMMA_NUMBER.test(cell)) return bounded(Number(cell.replace(",", ".")));
  return Number.NaN;
}

/** Whether a cell is a number with a comma as decimal mark. */
export function hasDecimalComma(cell: string): boolean {
  return COMMA_NUMBER.test(cell);
}

function bounded(value: number): number {
  return Number.isFinite(Math.fround(value)) ? value : Number.NaN;
}
