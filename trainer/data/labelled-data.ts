import { CommonweightError } from "@commonweight/sdk/errors";
import { AS_THEY_ARE, type FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";
import type { Samples } from "../model/tensors.ts";
import { requireTwoClasses } from "./classes.ts";
import { outlierWarnings } from "./outliers.ts";
import { divideByLargest, scaleValues, standardise, type RawValues } from "./scaling.ts";
import { checkTableSize } from "./source-file.ts";

/** Shape of one sample: `[features]`, or `[height, width, channels]` for a picture. */
export type InputShape = readonly [number] | readonly [number, number, number];

/** How to find the parameters of a scaling: by column, one divisor for all, or the values as they are. */
export type ScalingChoice = "columns" | "divisor" | "none";

/** What was understood of a source: one sentence each, printed to the user. */
export interface SourceReport {
  /** Rows, columns, label column, classes with counts, what was left out. */
  readonly understood: readonly string[];
  /** What may be misunderstood, and what to do about it. */
  readonly warnings: readonly string[];
}

/** A data set in memory. */
export interface LabelledData {
  readonly samples: Samples;
  readonly inputShape: InputShape;
  /** Labels are 0..classes - 1. */
  readonly classes: number;
  /** Name of each class, in the order of the labels. */
  readonly classNames: readonly string[];
  /** Name of each value of a sample, in order; absent without a header that names all. */
  readonly columnNames?: readonly string[];
  /** How the source's values became the samples' values. */
  readonly scaling: FeatureScaling;
  readonly report: SourceReport;
}

/** Choices for a table that its own look does not settle. */
export interface TableChoices {
  /** The label's column: its name in the header, or its number from 1. */
  readonly label?: string;
  /** Whether the first line is a header; found out if left out. */
  readonly header?: boolean;
  /** Columns to leave out: names, or numbers from 1. */
  readonly leaveOut?: readonly string[];
  /** Whether a column that only numbers the rows is kept. */
  readonly keepIndex?: boolean;
  /** Whether rows with missing values are left out; a table with some is refused otherwise. */
  readonly skipMissing?: boolean;
}

/**
 * Properties that a user gives because files may lack them: a part of a larger data set may contain neither its maximum
 * nor all its classes.
 */
export interface DataOptions {
  /** Shape of one sample; its product must be the number of values in a row. Pictures are brought to it. */
  readonly shape?: InputShape;
  /** The job's scaling, or how to find one; by default `columns` for tables and `divisor` for pictures. */
  readonly scaling?: FeatureScaling | ScalingChoice;
  /** Number of classes; one more than the largest label if left out. */
  readonly classes?: number;
  /** The job's class names, by which text labels are numbered. */
  readonly classNames?: readonly string[];
  readonly table?: TableChoices;
}

/** A data set before scaling. */
export interface RawData extends RawValues {
  readonly labels: Uint16Array;
  readonly inputShape: InputShape;
  readonly classNames: readonly string[];
  /** Name of each value of a sample, in order; absent without a header that names all. */
  readonly columnNames?: readonly string[];
  /** Whether the job tells the classes, so that the samples may have only one of them. */
  readonly isDeclared: boolean;
  /** The divisor of pictures, whose values are bytes: 255; `undefined` for tables. */
  readonly divisor?: number;
  readonly report: SourceReport;
}

/** Number of values in one sample. */
export function featuresOf(shape: InputShape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The shape of the samples: the source's, or the one asked for.
 *
 * @throws DATASET_SHAPE the number of values differs
 */
export function shapeOf(name: string, own: InputShape, asked: InputShape | undefined): InputShape {
  const features = featuresOf(own);
  if (asked === undefined || featuresOf(asked) === features) return asked ?? own;
  throw new CommonweightError(
    "DATASET_SHAPE",
    `${name}: rows have ${features} values, shape [${asked.join(", ")}] takes ${featuresOf(asked)}`,
    "Use data whose rows have as many values as the shape, such as [8, 8, 1] for 64; leave out columns with leaveOut.",
  );
}

/**
 * Scales a data set, with the parameters given or computed from `fit`.
 *
 * @param fit indices of the samples that parameters are computed from; all if left out
 * @throws DATASET_CLASSES all samples are of one class, and the job does not tell the classes · DATASET_SCALE ·
 * DATASET_TOO_LARGE
 */
export function scaleData(raw: RawData, choice: DataOptions["scaling"], fit?: Uint32Array): LabelledData {
  const { labels, classNames, columnNames, inputShape } = raw;
  if (!raw.isDeclared) requireTwoClasses(raw.name, labels, classNames);
  checkTableSize(raw.name, labels.length, raw.columns);
  const rows = fit ?? Uint32Array.from(labels, (_, row) => row);
  const scaling = typeof choice === "object" ? choice : computed(raw, choice, rows);
  const samples = { count: labels.length, features: scaleValues(raw, scaling), labels };
  const isTable = raw.divisor === undefined;
  const warnings = [...raw.report.warnings, ...(isTable ? outlierWarnings(raw, scaling) : [])];
  const report = { understood: raw.report.understood, warnings };
  const names = { classNames, ...(columnNames === undefined ? {} : { columnNames }) };
  return { samples, inputShape, classes: classNames.length, ...names, scaling, report };
}

function computed(raw: RawData, choice: ScalingChoice | undefined, rows: Uint32Array): FeatureScaling {
  switch (choice ?? (raw.inputShape.length === 3 ? "divisor" : "columns")) {
    case "none":
      return AS_THEY_ARE;
    case "divisor":
      return raw.divisor === undefined ? divideByLargest(raw, rows) : { kind: "divisor", divisor: raw.divisor };
    case "columns":
      return standardise(raw, rows);
  }
}
