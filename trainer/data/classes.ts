import { CommonweightError } from "@commonweight/sdk/errors";
import { DATA_SET_LIMITS } from "./source-file.ts";

/** Longest name of a class, in characters. */
export const MAX_CLASS_NAME = 80;

/** Whether a text can be a class name: short, without control characters and lone surrogates. */
export function isClassName(text: string): boolean {
  return text.length > 0 && text.length <= MAX_CLASS_NAME && !/[\p{Control}\p{Surrogate}]/u.test(text);
}

/** Names of classes that are only numbered: "0", "1", ... */
export function numberedClasses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, label) => String(label));
}

/** Whether class names are only numbers in order, so that labels of the data are the numbers themselves. */
export function areNumbered(names: readonly string[]): boolean {
  return names.every((name, label) => name === String(label));
}

/** Labels of a source, and where each stands. */
export interface NumberedLabels {
  readonly labels: Uint16Array;
  /** Position of a sample, such as `digits.csv, line 7`. */
  readonly place: (sample: number) => string;
}

/**
 * Returns the number of classes of numbered labels: `declared`, or one more than the largest label.
 *
 * @throws DATASET_LABEL a label is not a class
 */
export function countClasses({ labels, place }: NumberedLabels, declared?: number): number {
  const limit = declared ?? DATA_SET_LIMITS.classes;
  const wrong = labels.findIndex((label) => label >= limit);
  if (wrong >= 0) throw badLabel(place(wrong), String(labels[wrong]), limit);
  return declared ?? labels.reduce((most, label) => Math.max(most, label), 0) + 1;
}

/** Throws DATASET_CLASSES if all labels are the same. */
export function requireTwoClasses(name: string, labels: Uint16Array, names: readonly string[]): void {
  const [first = 0] = labels;
  if (labels.some((label) => label !== first)) return;
  throw new CommonweightError(
    "DATASET_CLASSES",
    `${name}: all ${labels.length} samples have the label ${names[first]}`,
    "Use data of at least two classes; if another column is the label, name it: data.table.label, or --label.",
  );
}

/** Samples of each class. */
export function countsOf(labels: Uint16Array, classes: number): readonly number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** One line with the classes and their samples, the first and the last ones if there are many. */
export function classLine(names: readonly string[], labels: Uint16Array): string {
  const counts = countsOf(labels, names.length);
  const shown = names.map((name, label) => `${name} (${counts[label]})`);
  const list = shown.length > 20 ? [...shown.slice(0, 10), "...", ...shown.slice(-3)] : shown;
  return `${names.length} classes with samples: ${list.join(", ")}`;
}

/**
 * Warns of classes without a sample, which often means that another column is the label, or that the labels begin
 * with 1.
 */
export function emptyClassWarnings(names: readonly string[], labels: Uint16Array): readonly string[] {
  const empty = [...countsOf(labels, names.length).entries()].filter(([, count]) => count === 0);
  const [first] = empty;
  if (first === undefined) return [];
  if (empty.length === 1 && first[0] === 0) {
    return ["no sample of class 0: do the labels begin with 1? Number them from 0, or give them as words"];
  }
  const list = empty.slice(0, 5).map(([label]) => names[label]);
  const more = empty.length > list.length ? `, and ${empty.length - list.length} more` : "";
  return [`no sample of class ${list.join(", ")}${more}: is another column the label?`];
}

/** DATASET_LABEL: a label is not one of the numbered classes. */
export function badLabel(place: string, label: string, limit: number = DATA_SET_LIMITS.classes): CommonweightError {
  return new CommonweightError(
    "DATASET_LABEL",
    `${place}: label ${JSON.stringify(label.slice(0, 40))} is not a whole number from 0 to ${limit - 1}`,
    "Number the classes 0, 1, 2, ... or name all; if another column is the label: data.table.label, or --label.",
  );
}

/** DATASET_LABEL: a label is not one of the job's classes. */
export function unknownClass(place: string, label: string, names: readonly string[]): CommonweightError {
  const known = names.slice(0, 10).join(", ");
  return new CommonweightError(
    "DATASET_LABEL",
    `${place}: label ${JSON.stringify(label.slice(0, 40))} is none of the job's ${names.length} classes: ${known}`,
    "Write the labels as the job names its classes, or leave these samples out.",
  );
}
