import { parse } from "csv-parse/sync";

import { CommonweightError } from "@commonweight/sdk/errors";
import { scaleTable, type DataOptions, type LabelledData } from "./labelled-data.ts";
import { badLabel, checkTableSize, DATA_SET_LIMITS, unpack, type SourceFile } from "./source-file.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const LABEL = /^\d{1,5}$/;
const MAX_LINE_BYTES = 16_777_216;

/**
 * Parses a table of comma-separated values (RFC 4180), gzip or not: numbers, and the class (0, 1, 2, ...) in the last
 * column.
 *
 * Skips empty lines and a header: a first line whose last cell is not a number. Values are divided by the table's
 * largest absolute value (digits of 0..16 by 16) unless the options give a scale. The shape is `[columns - 1]` unless
 * the options give one: `[8, 8, 1]` makes pictures of 64 columns.
 *
 * @throws DATASET_CSV_SYNTAX · DATASET_CSV_COLUMNS · DATASET_CSV_NUMBER · DATASET_CSV_EMPTY · DATASET_LABEL ·
 * DATASET_SCALE · DATASET_SHAPE · DATASET_CLASSES · DATASET_GZIP · DATASET_TOO_LARGE
 */
export function parseCsv(file: SourceFile, options: DataOptions = {}): LabelledData {
  const { name } = file;
  const rows = readRows(unpack(file));
  const values = rows.values.used();
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const table = {
    name,
    values,
    labels: Uint16Array.from(rows.labels),
    shape: [rows.columns - 1] as const,
    scale: largest,
    place: (sample: number) => `${name}, line ${rows.lines[sample]}`,
  };
  return scaleTable(table, options);
}

interface Rows {
  readonly values: GrowingList;
  readonly labels: number[];
  /** Line of each row in the file, from 1. */
  readonly lines: number[];
  columns: number;
}

function readRows(file: SourceFile): Rows {
  const rows: Rows = { values: new GrowingList(), labels: [], lines: [], columns: 0 };
  let first = true;
  const take = (cells: readonly string[], line: number): void => {
    if (!first || NUMBER.test(cells.at(-1) ?? "")) addRow(rows, cells, { name: file.name, line });
    first = false;
  };
  parseLines(file, take);
  if (rows.labels.length > 0) return rows;
  throw wrongFile("EMPTY", file.name, "it has no rows");
}

/** Parses row by row, so that the rows of a large table are never all in memory as text cells. */
function parseLines(file: SourceFile, take: (cells: readonly string[], line: number) => void): void {
  const text = decode(file);
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_LINE_BYTES,
      on_record: (cells: string[], { lines }) => {
        take(cells, lines);
        return null;
      },
    });
  } catch (cause) {
    if (cause instanceof CommonweightError) throw cause;
    throw wrongFile("SYNTAX", file.name, cause instanceof Error ? cause.message : "not a table", cause);
  }
}

function decode(file: SourceFile): Buffer {
  const { buffer, byteOffset, byteLength } = file.bytes;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (bytes.includes(0)) throw wrongFile("SYNTAX", file.name, "it contains zero bytes: not a text file");
  return bytes;
}

function addRow(rows: Rows, cells: readonly string[], at: { readonly name: string; readonly line: number }): void {
  const place = `${at.name}, line ${at.line}`;
  if (rows.columns === 0) rows.columns = cells.length;
  if (cells.length < 2 || cells.length !== rows.columns) {
    throw wrongFile("COLUMNS", place, `${cells.length} columns instead of ${Math.max(rows.columns, 2)}`);
  }
  checkTableSize(place, rows.labels.length + 1, rows.columns - 1);
  const label = cells.at(-1) ?? "";
  if (!LABEL.test(label) || Number(label) >= DATA_SET_LIMITS.classes) throw badLabel(place, label);
  for (let column = 0; column < rows.columns - 1; column++) {
    rows.values.push(numberIn(cells[column] ?? "", `${place}, column ${column + 1}`));
  }
  rows.labels.push(Number(label));
  rows.lines.push(at.line);
}

function numberIn(cell: string, place: string): number {
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(Math.fround(value))) return value;
  throw wrongFile("NUMBER", place, `${JSON.stringify(cell.slice(0, 40))} is not a number`);
}

/** A list of numbers that doubles its capacity as it grows. */
class GrowingList {
  #values = new Float64Array(1_024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  used(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

function wrongFile(condition: string, place: string, what: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    `DATASET_CSV_${condition}`,
    `${place}: ${what}`,
    "Use comma-separated numbers, equally many in every line, with the class (0, 1, 2, ...) in the last column.",
    { cause },
  );
}
