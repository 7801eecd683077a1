import { DATA_SET_LIMITS } from "../source-file.ts";
import { hasDecimalComma, isMissing, numberOf, type DecimalMark } from "./cells.ts";
import { readLines } from "./read-lines.ts";
import { tableError } from "./table-error.ts";
import type { TableText } from "./table-text.ts";

/** Most different texts that are counted in a column. */
const MAX_TEXTS = DATA_SET_LIMITS.classes + 1;

/** Names of columns that often only number or name the rows. */
const INDEX_NAME = /^(unnamed: ?\d+|index|id|ids|row|rows|row[ _.]?(id|name|names|number|num|nr|no)|#|no\.?|nr\.?)$/i;
const ID_NAME = /([_ .-]id|[a-z]I[dD]|^rowid)$/;

/** What a column holds in the lines after the first. */
export interface ColumnProfile {
  /** The column's cell in the first line. */
  readonly first: string;
  numbers: number;
  missing: number;
  /** Cells that can be a numbered class: whole numbers from 0 to 999. */
  classNumbers: number;
  readonly classes: Set<number>;
  whole: number;
  texts: number;
  /** Different texts with their counts, the first 1,001 of them. */
  readonly words: Map<string, number>;
  /** Whether each number is the one before plus 1. */
  countsUp: boolean;
  start: number;
  last: number;
  /** Numbers so far, if all are different; only for columns that may number the rows. */
  seen: Set<number> | undefined;
}

/** What a table holds, found in one pass over its lines. */
export interface TableProfile {
  readonly first: readonly string[];
  readonly firstLine: number;
  readonly columns: readonly ColumnProfile[];
  /** Lines after the first one that have values. */
  readonly rows: number;
  readonly mark: DecimalMark;
  /** Whether the first line has a name less than the others have columns: R's row names. */
  readonly hasRowNames: boolean;
}

/** Whether a column's name says that it numbers or names the rows; so does an empty name. */
export function isIndexName(name: string): boolean {
  return name === "" || INDEX_NAME.test(name) || ID_NAME.test(name);
}

/** Whether all cells of a row are missing, as in lines that a spreadsheet adds. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === "");
}

/**
 * Reads a table once and sums up its columns.
 *
 * @throws DATASET_CSV_EMPTY · DATASET_CSV_COLUMNS lines differ in their number of columns · DATASET_CSV_NUMBER points
 * and commas as decimal marks · DATASET_CSV_SYNTAX
 */
export function profileTable(text: TableText): TableProfile {
  const profiler = new Profiler(text);
  readLines(text, (cells, line) => profiler.take(cells, line));
  return profiler.result();
}

class Profiler {
  readonly #text: TableText;
  readonly #columns: ColumnProfile[] = [];
  #first: readonly string[] = [];
  #firstLine = 0;
  #rows = 0;
  #hasRowNames = false;
  /** Places of the first number with a decimal point and with a comma. */
  #points: string | undefined;
  #commas: string | undefined;

  constructor(text: TableText) {
    this.#text = text;
  }

  take(cells: readonly string[], line: number): void {
    if (isBlank(cells)) return;
    if (this.#firstLine === 0) return this.#begin(cells, line);
    if (this.#columns.length === 0) this.#open(cells.length, line);
    const place = `${this.#text.name}, line ${line}`;
    const { length } = this.#columns;
    if (cells.length !== length) throw tableError("COLUMNS", place, `${cells.length} columns instead of ${length}`);
    this.#rows += 1;
    for (const [at, column] of this.#columns.entries()) this.#add(column, cells[at] ?? "", place);
  }

  result(): TableProfile {
    if (this.#firstLine === 0) throw tableError("EMPTY", this.#text.name, "it has no rows");
    if (this.#columns.length === 0) this.#open(this.#first.length, this.#firstLine);
    for (const cell of this.#first) this.#noteMark(cell, `${this.#text.name}, line ${this.#firstLine}`);
    if (this.#points !== undefined && this.#commas !== undefined) {
      throw tableError("NUMBER", this.#commas, `a decimal comma, but ${this.#points} has a decimal point`);
    }
    return {
      first: this.#first,
      firstLine: this.#firstLine,
      columns: this.#columns,
      rows: this.#rows,
      mark: this.#commas === undefined ? "." : ",",
      hasRowNames: this.#hasRowNames,
    };
  }

  #begin(cells: readonly string[], line: number): void {
    if (cells.length < 2)
      throw tableError("COLUMNS", `${this.#text.name}, line ${line}`, "1 column instead of 2 or more");
    [this.#first, this.#firstLine] = [cells, line];
  }

  /** The second line tells how many columns there are. */
  #open(length: number, line: number): void {
    const { length: named } = this.#first;
    const areNames = this.#first.every((cell) => Number.isNaN(numberOf(cell, this.#mark)));
    this.#hasRowNames = areNames && length === named + 1;
    if (this.#hasRowNames) this.#first = ["", ...this.#first];
    // A separator at the end of the header alone.
    else if (length === named - 1 && this.#first.at(-1) === "") this.#first = this.#first.slice(0, -1);
    else if (length !== named) {
      throw tableError("COLUMNS", `${this.#text.name}, line ${line}`, `${length} columns instead of ${named}`);
    }
    for (const [at, first] of this.#first.entries()) this.#columns.push(emptyColumn(first, at));
  }

  /** Both marks are read at first where the comma is not the separator; `result` refuses a table that uses both. */
  get #mark(): DecimalMark {
    return this.#text.separator === "," ? "." : ",";
  }

  #add(column: ColumnProfile, cell: string, place: string): void {
    const value = numberOf(cell, this.#mark);
    if (!Number.isNaN(value)) {
      this.#noteMark(cell, place);
      return addNumber(column, value);
    }
    if (isMissing(cell)) column.missing += 1;
    else {
      column.texts += 1;
      const count = column.words.get(cell);
      if (count !== undefined || column.words.size < MAX_TEXTS) column.words.set(cell, (count ?? 0) + 1);
    }
    column.countsUp = false;
  }

  #noteMark(cell: string, place: string): void {
    if (Number.isNaN(numberOf(cell, this.#mark))) return;
    if (cell.includes(".")) this.#points ??= place;
    if (hasDecimalComma(cell)) this.#commas ??= place;
  }
}

function emptyColumn(first: string, at: number): ColumnProfile {
  return {
    first,
    ...{ numbers: 0, missing: 0, classNumbers: 0, whole: 0, texts: 0, start: Number.NaN, last: Number.NaN },
    classes: new Set(),
    words: new Map(),
    countsUp: true,
    seen: at === 0 || isIndexName(first) ? new Set() : undefined,
  };
}

function addNumber(column: ColumnProfile, value: number): void {
  if (column.numbers === 0) column.start = value;
  else if (value !== column.last + 1) column.countsUp = false;
  column.last = value;
  column.numbers += 1;
  if (!Number.isSafeInteger(value)) column.seen = undefined;
  else {
    column.whole += 1;
    if (column.seen?.has(value) === true) column.seen = undefined;
    column.seen?.add(value);
    if (value >= 0 && value < DATA_SET_LIMITS.classes) {
      column.classNumbers += 1;
      column.classes.add(value);
    }
  }
}
