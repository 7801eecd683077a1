import { parse } from "csv-parse/sync";

import { CommonweightError } from "@commonweight/sdk/errors";
import { tableError } from "./table-error.ts";
import type { TableText } from "./table-text.ts";

const MAX_LINE_BYTES = 16_777_216;

/**
 * Parses a table (RFC 4180, any separator, any line end) row by row, so that the rows of a large table are never all in
 * memory as text cells. Skips empty lines.
 *
 * @param take gets a row's cells, trimmed, and its line in the file from 1
 * @throws DATASET_CSV_SYNTAX, and whatever `take` throws
 */
export function readLines(text: TableText, take: (cells: readonly string[], line: number) => void): void {
  try {
    parse(text.bytes, {
      delimiter: text.separator,
      record_delimiter: ["\r\n", "\n", "\r"],
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_LINE_BYTES,
      on_record: (cells: string[], { lines }) => {
        take(cells, lines + text.skippedLines);
        return null;
      },
    });
  } catch (cause) {
    if (cause instanceof CommonweightError) throw cause;
    throw tableError("SYNTAX", text.name, cause instanceof Error ? cause.message : "not a table", cause);
  }
}
