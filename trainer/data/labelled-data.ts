import { CommonweightError } from "@commonweight/sdk/errors";
import type { Samples } from "../model/tensors.ts";
import { checkTableSize, countClasses } from "./source-file.ts";

/** Shape of one sample: `[features]`, or `[height, width, channels]` for a picture. */
export type InputShape = readonly [number] | readonly [number, number, number];

/** A data set in memory. */
export interface LabelledData {
  readonly samples: Samples;
  readonly inputShape: InputShape;
  /** Labels are 0..classes - 1. */
  readonly classes: number;
  /** Divisor of the source's values; it scales them to 0..1, or to -1..1 if some are negative. */
  readonly featureScale: number;
}

/**
 * Properties that a user gives because files may lack them: a part of a larger data set may contain neither its maximum
 * nor all its classes.
 */
export interface DataOptions {
  /** Shape of one sample; its product must be the number of values in a row. */
  readonly shape?: InputShape;
  /** Divisor of the values, from the job's manifest. */
  readonly featureScale?: number;
  readonly classes?: number;
}

/** Values of a source before scaling: `labels.length` rows of `featuresOf(shape)` values. */
export interface RawTable {
  readonly name: string;
  readonly values: Float64Array | Uint8Array;
  readonly labels: Uint16Array;
  readonly shape: InputShape;
  /** Default divisor. */
  readonly scale: number;
  /** Returns the position of a sample in the source, for error messages. */
  readonly place: (sample: number) => string;
}

/** Number of values in one sample. */
export function featuresOf(shape: InputShape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Scales a table: every value becomes `float32(value / scale)`.
 *
 * @throws DATASET_SHAPE the given shape does not fit the rows · DATASET_SCALE · DATASET_LABEL · DATASET_CLASSES ·
 * DATASET_TOO_LARGE
 */
export function scaleTable(table: RawTable, options: DataOptions): LabelledData {
  const features = featuresOf(table.shape);
  const inputShape = options.shape ?? table.shape;
  if (featuresOf(inputShape) !== features) throw wrongShape(table.name, inputShape, features);
  const featureScale = options.featureScale ?? table.scale;
  if (!isScale(featureScale)) throw wrongScale(table.name, featureScale);
  checkTableSize(table.name, table.labels.length, features);
  const classes = countClasses(table.labels, table.place, options.classes);
  const samples = {
    count: table.labels.length,
    features: scaleValues(table.values, featureScale),
    labels: table.labels,
  };
  return { samples, inputShape, classes, featureScale };
}

function scaleValues(values: Float64Array | Uint8Array, scale: number): Float32Array {
  const scaled = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) scaled[at] = (values[at] ?? 0) / scale;
  return scaled;
}

/** Whether a divisor is allowed: outside this range, values overflow or underflow float32. */
export function isScale(scale: number): boolean {
  return scale >= 1e-30 && scale <= 1e30;
}

function wrongShape(name: string, shape: InputShape, features: number): CommonweightError {
  return new CommonweightError(
    "DATASET_SHAPE",
    `${name}: rows have ${features} values, shape [${shape.join(", ")}] has ${featuresOf(shape)}`,
    "Give a shape whose product is the number of values in a row, such as [8, 8, 1] for 64.",
  );
}

function wrongScale(name: string, scale: number): CommonweightError {
  return new CommonweightError(
    "DATASET_SCALE",
    `${name}: values cannot be divided by ${scale}`,
    "Use data with at least one value that is not zero, or give the scale in the job's manifest.",
  );
}
