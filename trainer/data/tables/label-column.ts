import { CommonweightError } from "@commonweight/sdk/errors";
import { nearestWord } from "@commonweight/sdk/job-file/nearest-word";
import { DATA_SET_LIMITS } from "../source-file.ts";
import { tableError } from "./table-error.ts";
import type { ColumnProfile } from "./table-profile.ts";

/** Names of a label's column, the clearest first. */
const LABEL_NAMES = [
  "label",
  "labels",
  "class",
  "classes",
  "target",
  "species",
  "category",
  "diagnosis",
  "outcome",
  "y",
];

/** A column with its place in the table, from 0. */
export interface PlacedColumn {
  readonly at: number;
  /** Name in the header; `undefined` without a header. */
  readonly name: string | undefined;
  readonly profile: ColumnProfile;
}

/**
 * Finds the columns that a user named, in that order.
 *
 * @param wanted names, or numbers from 1
 * @throws DATASET_CSV_COLUMN_UNKNOWN names all that are unknown, each with the nearest name of the header
 */
export function columnsNamed(
  columns: readonly PlacedColumn[],
  wanted: readonly string[],
  table: string,
): readonly PlacedColumn[] {
  const names = columns.flatMap(({ name }) => name ?? []).filter((name) => name !== "");
  const found: PlacedColumn[] = [];
  const unknown: string[] = [];
  for (const one of wanted) {
    const column = columnNamed(columns, one);
    if (column !== undefined) found.push(column);
    else unknown.push(`${JSON.stringify(one)}${suggestion(one, names)}`);
  }
  if (unknown.length === 0) return found;
  const known = names.length === 0 ? "" : `; the header names ${names.slice(0, 12).join(", ")}`;
  throw tableError("COLUMN_UNKNOWN", table, `no column ${unknown.join(", ")} among ${columns.length}${known}`);
}

function suggestion(wanted: string, names: readonly string[]): string {
  const near = nearestWord(wanted, names);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

function columnNamed(columns: readonly PlacedColumn[], wanted: string): PlacedColumn | undefined {
  const named = columns.find(({ name }) => name === wanted);
  const numbered = /^\d+$/.test(wanted) ? columns.find(({ at }) => at === Number(wanted) - 1) : undefined;
  return named ?? numbered;
}

/**
 * Finds the label's column: one that the header names label, class, target, species, y or the like (the last column
 * first, then the clearest name); else the only column of words; else the last column.
 *
 * @throws DATASET_CSV_LABEL_COLUMN two columns have such names, or the last column cannot be the label
 */
export function findLabel(columns: readonly PlacedColumn[], table: string): PlacedColumn {
  const last = columns.at(-1);
  if (last === undefined) throw tableError("EMPTY", table, "it has no columns");
  const named = columns.filter((column) => labelRank(column) >= 0 && canBeLabel(column));
  const [first, second] = named;
  if (named.includes(last)) return last;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined && second !== undefined) {
    const clearest = named.toSorted((a, b) => labelRank(a) - labelRank(b));
    // `y` beside `class` is a coordinate.
    if (named.length === 2 && clearest[1]?.name?.toLowerCase() === "y") return clearest[0] ?? first;
    const names = named.map(({ name }) => name).join(", ");
    throw tableError("LABEL_COLUMN", table, `the columns ${names} may all be the label`);
  }
  const words = columns.filter(holdsWords);
  const [only] = words;
  if (only !== undefined && words.length === 1 && canBeLabel(only)) return only;
  if (isMeasured(last)) {
    const others = columns.filter(
      (column) => column !== last && canBeLabel(column) && column.profile.classes.size < 100,
    );
    const list = others.slice(0, 5).map(columnTitle);
    const better = list.length === 0 ? "" : `; ${list.join(", ")} could be`;
    throw tableError(
      "LABEL_COLUMN",
      table,
      `the last column, ${columnTitle(last)}, is a measure, not a class${better}`,
    );
  }
  return last;
}

/** A column in words: its number from 1, with its name if the table has a header. */
export function columnTitle({ at, name }: Pick<PlacedColumn, "at" | "name">): string {
  return name === undefined || name === "" ? `column ${at + 1}` : `column ${at + 1} (${JSON.stringify(name)})`;
}

/**
 * Sorted names of a column of text labels.
 *
 * @throws DATASET_LABEL most rows have a label of their own, or there are more than 1,000
 */
export function classNamesIn(words: ReadonlyMap<string, number>, rows: number, place: string): readonly string[] {
  const { classes } = DATA_SET_LIMITS;
  if (words.size <= classes && (words.size <= 20 || words.size * 2 <= rows)) return [...words.keys()].toSorted(byCode);
  const many = words.size > classes ? `more than ${classes}` : String(words.size);
  throw new CommonweightError(
    "DATASET_LABEL",
    `${place}: ${many} different texts in ${rows} rows are names, not classes`,
    "Name the label's column: data.table.label, or --label.",
  );
}

/** By UTF-16 code units: the same order on every machine. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function labelRank({ name }: PlacedColumn): number {
  return LABEL_NAMES.indexOf((name ?? "").toLowerCase().replace(/^#\s*/, ""));
}

function canBeLabel({ profile }: PlacedColumn): boolean {
  const { numbers, classNumbers, texts, words, first } = profile;
  if (texts > 0) return numbers === 0 && words.size <= DATA_SET_LIMITS.classes;
  return numbers === classNumbers && (numbers > 0 || first !== "");
}

/** Whether a column holds words alone, in the first line too where that is no header. */
function holdsWords({ name, profile }: PlacedColumn): boolean {
  const { texts, numbers, first } = profile;
  return texts > 0 && numbers === 0 && (name !== undefined || !/^[-+.,\d]/.test(first));
}

/** Whether most of a column's numbers are fractions; a few may be slips. */
function isMeasured({ profile }: PlacedColumn): boolean {
  return profile.numbers >= 3 && profile.texts === 0 && profile.whole * 2 < profile.numbers;
}
