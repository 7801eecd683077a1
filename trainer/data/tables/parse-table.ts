import {
  badLabel,
  classLine,
  countClasses,
  emptyClassWarnings,
  isClassName,
  numberedClasses,
  unknownClass,
} from "../classes.ts";
import { columnNamesOf } from "../column-names.ts";
import { shapeOf, type DataOptions, type RawData } from "../labelled-data.ts";
import { checkTableSize, DATA_SET_LIMITS, unpack, type SourceFile } from "../source-file.ts";
import { isMissing, numberOf } from "./cells.ts";
import { GrowingList } from "./growing-list.ts";
import { columnTitle, type PlacedColumn } from "./label-column.ts";
import { readLines } from "./read-lines.ts";
import { tableError } from "./table-error.ts";
import { layOut, type TableLayout } from "./table-layout.ts";
import { isBlank, profileTable } from "./table-profile.ts";
import { readTableText, separatorName, type TableText } from "./table-text.ts";

/**
 * Parses a table of numbers with a column of labels, gzip or not: commas, semicolons, tabs or bars between the columns,
 * any line end, quoted cells, with or without a header.
 *
 * Reads it twice: once to find out what its columns are, once for the values. What was understood is in the report.
 * Labels are whole numbers from 0, or words, which are numbered in alphabetical order or as `options.classNames` says.
 * The shape is `[columns]` unless the options give one: `[8, 8, 1]` makes pictures of 64 columns.
 *
 * @throws DATASET_CSV_* (`TableCondition`) · DATASET_LABEL · DATASET_SHAPE · DATASET_GZIP ·
 * DATASET_TOO_LARGE
 */
export function parseTable(file: SourceFile, options: DataOptions = {}): RawData {
  const text = readTableText(unpack(file));
  const layout = layOut(file.name, profileTable(text), options);
  const rows = readRows(text, layout, options.classes ?? options.classNames?.length);
  const { name } = file;
  const columns = layout.features.length;
  const inputShape = shapeOf(name, [columns], options.shape);
  const labels = Uint16Array.from(rows.labels);
  const place = (row: number) => `${name}, line ${rows.lines[row]}`;
  const isDeclared = options.classes !== undefined || options.classNames !== undefined;
  const columnNames = columnNamesOf(layout.features.map((column) => column.name));
  const classNames = classNamesOf({ labels, place }, layout, options);
  return {
    ...{ name, values: rows.values.used(), columns, labels, inputShape, classNames, isDeclared, place },
    ...(columnNames === undefined ? {} : { columnNames }),
    column: (column) => columnTitle(layout.features[column] ?? { at: column, name: undefined }),
    report: {
      understood: [
        `${name}: ${labels.length} rows of ${columns} values, separated by ${separatorName(text.separator)}`,
        ...(layout.mark === "," ? ["commas are decimal marks"] : []),
        ...layout.understood,
        classLine(classNames, labels),
        ...skippedLine(rows),
      ],
      warnings: [
        ...layout.warnings,
        ...(isDeclared ? [] : emptyClassWarnings(classNames, labels)),
        ...alike(classNames),
      ],
    },
  };
}

interface Rows {
  readonly values: GrowingList;
  readonly labels: number[];
  /** Line of each row in the file, from 1. */
  readonly lines: number[];
  /** Lines without any value, lines that repeat the header, lines left out for a missing value. */
  blank: number;
  headers: number;
  missing: number;
  /** First missing value. */
  firstMissing: string | undefined;
}

function readRows(text: TableText, layout: TableLayout, classes: number | undefined): Rows {
  const rows: Rows = {
    ...{ values: new GrowingList(), labels: [], lines: [] },
    ...{ blank: 0, headers: 0, missing: 0, firstMissing: undefined },
  };
  const numberOfName = layout.names && new Map([...layout.names.entries()].map(([label, name]) => [name, label]));
  const used = [...layout.features, layout.label];
  const reader = { text, layout, rows, used, numberOfName, classes: classes ?? DATA_SET_LIMITS.classes };
  readLines(text, (cells, line) => takeRow(reader, cells, line));
  const { missing, firstMissing, labels } = rows;
  if (firstMissing !== undefined && !layout.skipMissing) {
    const others = missing === 1 ? "" : `; so do ${missing - 1} other rows`;
    throw tableError("MISSING", firstMissing, `the row has no value there${others}`);
  }
  if (labels.length === 0) throw tableError("EMPTY", text.name, "it has no complete rows");
  return rows;
}

interface RowReader {
  readonly text: TableText;
  readonly layout: TableLayout;
  readonly rows: Rows;
  /** The columns of values, and of the label. */
  readonly used: readonly PlacedColumn[];
  readonly numberOfName: ReadonlyMap<string, number> | undefined;
  readonly classes: number;
}

function takeRow(reader: RowReader, cells: readonly string[], line: number): void {
  const { text, layout, rows } = reader;
  if (isBlank(cells)) {
    rows.blank += 1;
    return;
  }
  if (layout.hasHeader && line === layout.firstLine) return;
  if (layout.hasHeader && cells.every((cell, at) => cell === layout.first[at])) {
    rows.headers += 1;
    return;
  }
  const place = `${text.name}, line ${line}`;
  const gap = reader.used.find(({ at }) => isMissing(cells[at] ?? ""));
  if (gap !== undefined) {
    rows.missing += 1;
    rows.firstMissing ??= `${place}, ${columnTitle(gap)}`;
    return;
  }
  checkTableSize(place, rows.labels.length + 1, layout.features.length);
  const label = labelOf(reader, cells[layout.label.at] ?? "", place);
  for (const column of layout.features) {
    const cell = cells[column.at] ?? "";
    const value = numberOf(cell, layout.mark);
    if (Number.isNaN(value)) {
      const shown = JSON.stringify(cell.slice(0, 40));
      throw tableError("NUMBER", `${place}, ${columnTitle(column)}`, `${shown} is not a number`);
    }
    rows.values.push(value);
  }
  rows.labels.push(label);
  rows.lines.push(line);
}

function labelOf({ layout, numberOfName, classes }: RowReader, cell: string, place: string): number {
  if (numberOfName !== undefined) {
    const label = numberOfName.get(cell);
    if (label === undefined) throw unknownClass(place, cell, layout.names ?? []);
    if (isClassName(cell)) return label;
    throw badLabel(place, cell, classes);
  }
  const label = numberOf(cell, layout.mark);
  if (Number.isInteger(label) && label >= 0 && label < classes) return label;
  throw badLabel(place, cell, classes);
}

function classNamesOf(
  labels: Parameters<typeof countClasses>[0],
  { names }: TableLayout,
  { classes, classNames }: DataOptions,
): readonly string[] {
  return names ?? classNames ?? numberedClasses(countClasses(labels, classes));
}

function skippedLine({ blank, headers, missing }: Rows): readonly string[] {
  const parts = [
    ...(blank === 0 ? [] : [`${blank} lines of separators alone`]),
    ...(headers === 0 ? [] : [`${headers} lines that repeat the header`]),
    ...(missing === 0 ? [] : [`${missing} rows with missing values`]),
  ];
  return parts.length === 0 ? [] : [`skipped: ${parts.join(", ")}`];
}

/** Warns of class names that differ only in upper and lower case. */
function alike(names: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return other === undefined ? [] : [`the classes ${other} and ${name} differ only in upper and lower case`];
  });
}
