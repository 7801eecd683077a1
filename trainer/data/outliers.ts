import type { FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";
import type { RawValues } from "./scaling.ts";

/** Part of a scale below which the middle half of a column is called crushed. */
const CRUSHED = 1e-3;
/** Fewest samples for a judgement, and most that one looks at: evenly spaced. */
const FEWEST_ROWS = 20;
const MOST_ROWS = 2_000;
const MOST_WARNINGS = 3;

/**
 * Warns of columns whose middle half differs by less than 1/1000 of the scale: one far value, an id or a time beside
 * shares leaves nothing of the others.
 */
export function outlierWarnings(raw: RawValues, scaling: FeatureScaling): readonly string[] {
  const rows = raw.values.length / raw.columns;
  if (rows < FEWEST_ROWS) return [];
  const crushed: string[] = [];
  for (let column = 0; column < raw.columns; column++) {
    const scale = scaling.kind === "divisor" ? scaling.divisor : (scaling.scales[column] ?? 1);
    const spread = middleSpread(raw, column, rows);
    if (spread === 0 || spread >= CRUSHED * scale) continue;
    crushed.push(warningOf(raw, { column, rows, scale, isDivisor: scaling.kind === "divisor" }));
  }
  const more = crushed.length - MOST_WARNINGS;
  return more <= 0 ? crushed : [...crushed.slice(0, MOST_WARNINGS), `${more} more columns like these`];
}

/** Difference of the upper and the lower quartile. */
function middleSpread({ values, columns }: RawValues, column: number, rows: number): number {
  const step = Math.max(1, Math.floor(rows / MOST_ROWS));
  const sample = new Float64Array(Math.ceil(rows / step));
  for (let at = 0; at < sample.length; at++) sample[at] = values[at * step * columns + column] ?? 0;
  sample.sort();
  const quarter = Math.floor(sample.length / 4);
  return (sample[sample.length - 1 - quarter] ?? 0) - (sample[quarter] ?? 0);
}

interface CrushedColumn {
  readonly column: number;
  readonly rows: number;
  readonly scale: number;
  readonly isDivisor: boolean;
}

function warningOf(raw: RawValues, { column, rows, scale, isDivisor }: CrushedColumn): string {
  let far = 0;
  const valueOf = (row: number) => raw.values[row * raw.columns + column] ?? 0;
  for (let row = 1; row < rows; row++) if (Math.abs(valueOf(row)) > Math.abs(valueOf(far))) far = row;
  const what = `most values of ${raw.column(column)} are the same after division by ${Number(scale.toPrecision(6))}`;
  const step = isDivisor ? "or standardise each column (scaling columns)" : "or leave the row out";
  return `${what}; the largest is ${valueOf(far)} in ${raw.place(far)}: correct it, ${step}`;
}
