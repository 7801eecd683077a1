import { areNumbered } from "../classes.ts";
import type { DataOptions, TableChoices } from "../labelled-data.ts";
import { isMissing, numberOf, type DecimalMark } from "./cells.ts";
import { judgeFirstLine } from "./header.ts";
import { classNamesIn, columnsNamed, columnTitle, findLabel, type PlacedColumn } from "./label-column.ts";
import { tableError } from "./table-error.ts";
import { isIndexName, type TableProfile } from "./table-profile.ts";

/** Rows from which a column without a name that counts up is taken for an index. */
const COUNTED_ROWS = 10;

/** Where a table's values and labels are, and what was understood of it. */
export interface TableLayout {
  readonly hasHeader: boolean;
  /** Cells of the first line. */
  readonly first: readonly string[];
  readonly firstLine: number;
  readonly mark: DecimalMark;
  readonly features: readonly PlacedColumn[];
  readonly label: PlacedColumn;
  /** Names of text labels, by which they are numbered; `undefined` if the labels are numbers. */
  readonly names: readonly string[] | undefined;
  readonly skipMissing: boolean;
  readonly understood: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Decides what a table's columns are. Pure.
 *
 * @throws DATASET_CSV_EMPTY · DATASET_CSV_COLUMNS · DATASET_CSV_COLUMN_UNKNOWN · DATASET_CSV_LABEL_COLUMN ·
 * DATASET_LABEL
 */
export function layOut(table: string, profile: TableProfile, options: DataOptions): TableLayout {
  const choices = options.table ?? {};
  const judged = judgeFirstLine(profile);
  const hasHeader = choices.header ?? judged.isHeader;
  const warnings = choices.header === undefined && judged.warning !== undefined ? [judged.warning] : [];
  const rows = profile.rows + (hasHeader ? 0 : 1);
  if (rows === 0) throw tableError("EMPTY", table, "it has a header, but no rows");
  const all = profile.columns.map((column, at) => ({
    at,
    name: hasHeader ? column.first.replace(/^#\s*/, "") : undefined,
    profile: column,
  }));
  const leaveOut = choices.leaveOut ?? [];
  const told = choices.label === undefined ? [] : [choices.label];
  const named = columnsNamed(all, [...leaveOut, ...told], table);
  const unwanted = new Set(named.slice(0, leaveOut.length));
  const wanted = all.filter((column) => !unwanted.has(column) && !isEmpty(column, hasHeader));
  const label = named[leaveOut.length] ?? findLabel(withoutIndex(wanted), table);
  const others = wanted.filter((column) => column !== label);
  const indices = others.filter((column) => isIndex(column, { hasHeader, rows, profile, choices }));
  const features = others.filter((column) => !indices.includes(column));
  if (features.length === 0) throw tableError("COLUMNS", table, "no column is left for the values");
  const leftOut = [
    ...[...unwanted].map((column) => `${columnTitle(column)} as told`),
    ...all
      .filter((column) => !unwanted.has(column) && isEmpty(column, hasHeader))
      .map((one) => `${columnTitle(one)}, empty`),
    ...indices.map((column) => `${columnTitle(column)}, which numbers or names the rows`),
  ];
  return {
    hasHeader,
    ...{ first: profile.first, firstLine: profile.firstLine, mark: profile.mark, features, label },
    names: namesOf(label, { table, mark: profile.mark, hasHeader, rows, options }),
    skipMissing: choices.skipMissing ?? false,
    understood: [
      `${hasHeader ? "the first line is a header" : "no header"}; the label is in ${columnTitle(label)}`,
      ...(leftOut.length === 0 ? [] : [`left out: ${leftOut.join("; ")}`]),
    ],
    warnings: [...warnings, ...indexWarnings(features, indices, hasHeader, rows)],
  };
}

/** Columns that can hold the label: an index of words is none. */
function withoutIndex(columns: readonly PlacedColumn[]): readonly PlacedColumn[] {
  const rest = columns.filter(({ name, profile }) => {
    const isNamed = name !== undefined && isIndexName(name);
    return !(isNamed && profile.texts > 0 && profile.words.size === profile.texts);
  });
  return rest.length === 0 ? columns : rest;
}

interface IndexQuestion {
  readonly hasHeader: boolean;
  readonly rows: number;
  readonly profile: TableProfile;
  readonly choices: TableChoices;
}

/** Whether a column only numbers or names the rows. */
function isIndex(
  { at, name, profile: column }: PlacedColumn,
  { hasHeader, rows, profile, choices }: IndexQuestion,
): boolean {
  if (at === 0 && profile.hasRowNames) return true;
  if (choices.keepIndex === true) return false;
  if (hasHeader && name !== undefined && isIndexName(name)) {
    if (column.texts > 0) return column.numbers === 0 && column.words.size === column.texts;
    return column.missing === 0 && column.seen !== undefined;
  }
  // Without a header the first line is a row, and must count too.
  const counts = column.countsUp && column.whole === rows - 1 && Number(column.first) === column.start - 1;
  return !hasHeader && at === 0 && rows >= COUNTED_ROWS && counts && [0, 1].includes(Number(column.first));
}

/** Warns of a first column that looks like a row's number but has another name, or none. */
function indexWarnings(
  features: readonly PlacedColumn[],
  indices: readonly PlacedColumn[],
  hasHeader: boolean,
  rows: number,
): readonly string[] {
  const guessed = hasHeader ? [] : indices.filter(({ at }) => at === 0);
  const [first] = features;
  const suspect = first?.at === 0 && rows >= COUNTED_ROWS && first.profile.seen !== undefined ? first : undefined;
  return [
    ...guessed.map(
      (column) => `${columnTitle(column)} counts up and is left out: keep it by data.table.keepIndex, or --keep-index`,
    ),
    ...(suspect === undefined
      ? []
      : [`${columnTitle(suspect)} has another whole number in every row: if these number the rows, --leave-out`]),
  ];
}

function isEmpty({ profile }: PlacedColumn, hasHeader: boolean): boolean {
  return profile.numbers + profile.texts === 0 && profile.missing > 0 && (hasHeader || isMissing(profile.first));
}

interface NamesQuestion {
  readonly table: string;
  readonly mark: DecimalMark;
  readonly hasHeader: boolean;
  readonly rows: number;
  readonly options: DataOptions;
}

/** Names of the classes if the labels are words; the job's, if it names its classes. */
function namesOf(label: PlacedColumn, question: NamesQuestion): readonly string[] | undefined {
  const { classNames, classes } = question.options;
  if (classNames !== undefined) return areNumbered(classNames) ? undefined : classNames;
  const { texts, numbers, first } = label.profile;
  const words = new Map(label.profile.words);
  const isFirstWord = Number.isNaN(numberOf(first, question.mark)) && !isMissing(first);
  // Words among numbers: the row is named as it is read.
  if (numbers > 0 || (question.hasHeader ? texts === 0 : !isFirstWord)) return undefined;
  if (!question.hasHeader) words.set(first, (words.get(first) ?? 0) + 1);
  const names = classNamesIn(words, question.rows, `${question.table}, ${columnTitle(label)}`);
  if (classes !== undefined && classes !== names.length) {
    const list = names.slice(0, 10).join(", ");
    const message = `its labels are ${names.length} words (${list}), data.classes is ${classes}`;
    throw tableError("LABEL_COLUMN", question.table, message);
  }
  return names;
}
