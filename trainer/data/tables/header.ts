import { DATA_SET_LIMITS } from "../source-file.ts";
import { isMissing, numberOf, type DecimalMark } from "./cells.ts";
import type { TableProfile } from "./table-profile.ts";

/** Columns from which counting names (0, 1, 2, ...) are a header without further evidence. */
const COUNTING_NAMES = 5;
const HEADER_HINT = "if it is a header, set data.table.header, or --header";

/** What the first line is, and why it may be misread. */
export interface FirstLine {
  readonly isHeader: boolean;
  readonly warning?: string;
}

/**
 * Decides whether a table's first line is a header.
 *
 * It is one if its cells are words where the other lines have numbers; if it counts up from 0 or 1 (data frames without
 * names) and its last cell is a label of no other line, or it has 5 columns or more; or if its last cell cannot be a
 * class and all others in the column are.
 */
export function judgeFirstLine(profile: TableProfile): FirstLine {
  const { first, columns, mark, rows, hasRowNames } = profile;
  if (hasRowNames) return { isHeader: true };
  const labels = columns.at(-1);
  if (labels === undefined || rows === 0) return { isHeader: !isNumber(first.at(-1) ?? "", mark) };
  const numeric = columns.filter(({ numbers, texts }) => numbers > 0 && numbers >= texts);
  const words = numeric.filter((column) => isWord(column.first, mark));
  const figures = numeric.filter((column) => isNumber(column.first, mark)).length;
  if (words.length > figures || words.includes(labels)) return { isHeader: true };
  const label = numberOf(labels.first, mark);
  const isNewLabel = Number.isNaN(label) ? !labels.words.has(labels.first) : !labels.classes.has(label);
  if (countsUp(first.map((cell) => numberOf(cell, mark)))) {
    if (isNewLabel || words.length > 0 || first.length >= COUNTING_NAMES) return { isHeader: true };
    return { isHeader: false, warning: `line 1 counts up and is read as a sample: ${HEADER_HINT}` };
  }
  const canBeClass = Number.isInteger(label) && label >= 0 && label < DATA_SET_LIMITS.classes;
  if (!Number.isNaN(label) && !canBeClass && labels.classNumbers === rows) return { isHeader: true };
  if (!isNewLabel || rows < 10 || words.length > 0) return { isHeader: false };
  const what = `line 1 has the label ${JSON.stringify(labels.first)}, which no other line has, and is read as a sample`;
  return { isHeader: false, warning: `${what}: ${HEADER_HINT}` };
}

function isNumber(cell: string, mark: DecimalMark): boolean {
  return !Number.isNaN(numberOf(cell, mark));
}

function isWord(cell: string, mark: DecimalMark): boolean {
  return !isNumber(cell, mark) && !isMissing(cell);
}

/** Whether names count up from 0 or 1; the first may be empty (an index), and so the rest may begin at 0 or 1. */
function countsUp(numbers: readonly number[]): boolean {
  const [, ...rest] = numbers;
  const counted = Number.isNaN(numbers[0] ?? 0) ? rest : numbers;
  // The label may have a name.
  const named = Number.isNaN(counted.at(-1) ?? 0) ? counted.slice(0, -1) : counted;
  const [start = -1] = named;
  return named.length >= 3 && (start === 0 || start === 1) && named.every((number, at) => number === start + at);
}
