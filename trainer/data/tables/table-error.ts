import { CommonweightError } from "@commonweight/sdk/errors";

/** Next steps by condition of a table that is refused. */
const HINTS = {
  SYNTAX: "Save the table as CSV in UTF-8: quotes around a cell, two quotes for one within it.",
  ENCODING: "Save the table as CSV in UTF-8.",
  SEPARATOR: "Separate the columns by commas, semicolons or tabs, the same in every line.",
  COLUMNS: "Give every line the same number of columns, at least one value and the label.",
  NUMBER: "Write features as numbers; number categories, or leave the column out: data.table.leaveOut, or --leave-out.",
  MISSING: "Fill in the missing values, or leave the rows out: data.table.skipMissing, or --skip-missing.",
  EMPTY: "Use a table with at least one line of numbers and a label.",
  COLUMN_UNKNOWN: "Name a column as the header does, or give its number from 1.",
  LABEL_COLUMN: "Name the label's column: data.table.label, or --label.",
} as const;

export type TableCondition = keyof typeof HINTS;

/** A table that is refused: DATASET_CSV_ and the condition. */
export function tableError(condition: TableCondition, place: string, what: string, cause?: unknown): CommonweightError {
  return new CommonweightError(`DATASET_CSV_${condition}`, `${place}: ${what}`, HINTS[condition], { cause });
}
