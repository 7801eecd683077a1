import { CommonweightError } from "@commonweight/sdk/errors";
import {
  featureScaling,
  fitsFeatures,
  MAX_SCALED_COLUMNS,
  type FeatureScaling,
} from "@commonweight/sdk/spec/feature-scaling";

/** Values of a source before scaling: `rows` rows of `columns` values. */
export interface RawValues {
  /** Name of the source, for errors. */
  readonly name: string;
  readonly values: Float64Array | Uint8Array;
  readonly columns: number;
  /** Position of a row in the source, such as `digits.csv, line 7`. */
  readonly place: (row: number) => string;
  /** Name of a column, such as `column 3 ("width")`. */
  readonly column: (column: number) => string;
}

/** Applies a scaling to one value at a time. */
export interface Scaler {
  /** `(value - mean) / scale` in double precision; rounded to float32 by whoever stores it. */
  scaled(value: number, column: number): number;
  /** The whole number that may have become `value`; exact only if `scaled` gives `value` again. */
  original(value: number, column: number): number;
}

/** Returns the functions of a scaling for samples of `features` values. Every worker gets the same bits from them. */
export function scalerOf(scaling: FeatureScaling, features: number): Scaler {
  const isDivisor = scaling.kind === "divisor";
  const means = isDivisor ? new Float64Array(features) : Float64Array.from(scaling.means);
  const scales = isDivisor ? new Float64Array(features).fill(scaling.divisor) : Float64Array.from(scaling.scales);
  return {
    scaled: (value, column) => (value - (means[column] ?? 0)) / (scales[column] ?? 1),
    // `+ 0` turns -0 into 0, so that the check of a value of -0 fails: no byte restores it.
    original: (value, column) => Math.round(value * (scales[column] ?? 1) + (means[column] ?? 0)) + 0,
  };
}

/**
 * Scales a source's values.
 *
 * @throws DATASET_SCALE a value leaves the range of float32, or the scaling is for another number of columns
 */
export function scaleValues(raw: RawValues, scaling: FeatureScaling): Float32Array {
  const { values, columns, name } = raw;
  if (!fitsFeatures(scaling, columns)) {
    throw wrongScale(`${name}: its rows have ${columns} values, the agreed scaling has another number`, FIT_HINT);
  }
  const scaler = scalerOf(scaling, columns);
  const scaled = new Float32Array(values.length);
  for (let at = 0, column = 0; at < values.length; at++) {
    const value = Math.fround(scaler.scaled(values[at] ?? 0, column));
    if (!Number.isFinite(value)) throw tooFar(raw, at);
    scaled[at] = value;
    column = column + 1 === columns ? 0 : column + 1;
  }
  return scaled;
}

/**
 * Computes the mean and the standard deviation (of the population) of each column over some rows. The same values in
 * the same order give the same bits. A column without variation keeps its value as mean, with scale 1.
 *
 * @param rows indices of the rows, such as those of the training parts
 * @throws DATASET_SCALE no column varies, a column's range is out of bounds, or there are more than 8,192 columns
 */
export function standardise(raw: RawValues, rows: Uint32Array): FeatureScaling {
  const { columns, name } = raw;
  if (columns > MAX_SCALED_COLUMNS) {
    const message = `${name}: ${columns} columns cannot be standardised one by one, only ${MAX_SCALED_COLUMNS}`;
    throw wrongScale(
      message,
      "Choose scaling divisor or none: data.scaling in the job file, --scaling of `data pack`.",
    );
  }
  const { least, most, sums } = rangesOf(raw, rows);
  const means = sums.map((sum, column) => (least[column] === most[column] ? (least[column] ?? 0) : sum / rows.length));
  const squares = new Float64Array(columns);
  forEachValue(raw, rows, (value, column) => {
    const distance = value - (means[column] ?? 0);
    squares[column] = (squares[column] ?? 0) + distance * distance;
  });
  const scales = squares.map((sum, column) => (least[column] === most[column] ? 1 : Math.sqrt(sum / rows.length)));
  if (least.every((value, column) => value === most[column])) throw noVariation(name);
  const scaling: FeatureScaling = { kind: "columns", means: [...means].map(positiveZero), scales: [...scales] };
  const parsed = featureScaling.safeParse(scaling);
  if (parsed.success) return scaling;
  const wrong = Number(parsed.error.issues[0]?.path[1] ?? 0);
  throw wrongScale(
    `${raw.name}: ${raw.column(wrong)} has the mean ${means[wrong]} and the deviation ${scales[wrong]}`,
    "Write the column in another unit: both must stay below 1e30, and the deviation above 1e-30.",
  );
}

/**
 * Returns the largest absolute value of some rows as divisor of all columns.
 *
 * @throws DATASET_SCALE all values are 0, or the largest is out of bounds
 */
export function divideByLargest(raw: RawValues, rows: Uint32Array): FeatureScaling {
  let largest = 0;
  forEachValue(raw, rows, (value) => (largest = Math.max(largest, Math.abs(value))));
  const scaling: FeatureScaling = { kind: "divisor", divisor: largest };
  if (featureScaling.safeParse(scaling).success) return scaling;
  if (largest === 0) throw noVariation(raw.name);
  const hint = "Use values whose largest is between 1e-30 and 1e30, or scaling columns.";
  throw wrongScale(`${raw.name}: values cannot be divided by ${largest}`, hint);
}

function rangesOf(raw: RawValues, rows: Uint32Array) {
  const { columns } = raw;
  const least = new Float64Array(columns).fill(Infinity);
  const most = new Float64Array(columns).fill(-Infinity);
  const sums = new Float64Array(columns);
  forEachValue(raw, rows, (value, column) => {
    if (value < (least[column] ?? 0)) least[column] = value;
    if (value > (most[column] ?? 0)) most[column] = value;
    sums[column] = (sums[column] ?? 0) + value;
  });
  return { least, most, sums };
}

function forEachValue(
  { values, columns }: RawValues,
  rows: Uint32Array,
  use: (value: number, column: number) => void,
): void {
  for (const row of rows) {
    for (let column = 0; column < columns; column++) use(values[row * columns + column] ?? 0, column);
  }
}

function positiveZero(value: number): number {
  return value + 0;
}

const FIT_HINT = "Use data with the columns of the job's data set, in the same order.";

function noVariation(name: string): CommonweightError {
  return wrongScale(
    `${name}: every column has the same value in all samples`,
    "Use data whose columns vary, and check that the right column is taken for the label.",
  );
}

function tooFar(raw: RawValues, at: number): CommonweightError {
  const [row, column] = [Math.floor(at / raw.columns), at % raw.columns];
  return wrongScale(
    `${raw.place(row)}, ${raw.column(column)}: ${raw.values[at]} is out of range after scaling`,
    "Correct the value, or leave the row out: after the job's scaling it does not fit float32.",
  );
}

function wrongScale(message: string, hint: string): CommonweightError {
  return new CommonweightError("DATASET_SCALE", message, hint);
}
