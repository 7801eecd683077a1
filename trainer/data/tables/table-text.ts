import { isUtf8 } from "node:buffer";

import type { SourceFile } from "../source-file.ts";
import { tableError } from "./table-error.ts";

/** Separators, in the order in which they are tried: between other separators a comma may be the decimal mark. */
const SEPARATORS = ["\t", ";", ",", "|"] as const;
const SEPARATOR_NAMES = { "\t": "tabs", ";": "semicolons", ",": "commas", "|": "vertical bars" } as const;

export type Separator = (typeof SEPARATORS)[number];

/** A table's bytes, and what separates its columns. */
export interface TableText {
  readonly name: string;
  readonly bytes: Buffer;
  readonly separator: Separator;
  /** Lines before the table: 1 for Excel's `sep=;`. */
  readonly skippedLines: number;
}

const SAMPLE_BYTES = 262_144;
const SAMPLE_LINES = 20;

/** A separator in words: commas, semicolons, tabs. */
export function separatorName(separator: Separator): string {
  return SEPARATOR_NAMES[separator];
}

/**
 * Checks that a file is text in UTF-8, and finds the separator of its columns in the first lines.
 *
 * @throws DATASET_CSV_ENCODING · DATASET_CSV_SYNTAX zero bytes · DATASET_CSV_SEPARATOR
 */
export function readTableText(file: SourceFile): TableText {
  const { buffer, byteOffset, byteLength } = file.bytes;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const mark = bytes.subarray(0, 2).toString("hex");
  if (mark === "fffe" || mark === "feff") throw tableError("ENCODING", file.name, "it is UTF-16, not UTF-8");
  if (bytes.includes(0)) throw tableError("SYNTAX", file.name, "it contains zero bytes: not a text file");
  if (!isUtf8(bytes)) throw tableError("ENCODING", file.name, "it is not UTF-8 (saved by a program for Latin-1?)");
  const start = bytes.subarray(0, 3).toString("hex") === "efbbbf" ? bytes.subarray(3) : bytes;
  const told = /^"?sep=([\t;,|])"?(\r\n|\n|\r)/i.exec(start.subarray(0, 20).toString());
  const table = { name: file.name, bytes: start.subarray(told?.[0].length ?? 0), skippedLines: told === null ? 0 : 1 };
  const separator = SEPARATORS.find((one) => one === told?.[1]) ?? findSeparator(file.name, table.bytes);
  return { ...table, separator };
}

/** The first separator that every line has equally often; else the one that the lines have most of. */
function findSeparator(name: string, bytes: Buffer): Separator {
  const lines = firstLines(bytes.subarray(0, SAMPLE_BYTES).toString());
  const counts = (one: Separator) => lines.map((line) => line.split(one).length - 1);
  const steady = SEPARATORS.find((one) => {
    const [first = 0, ...others] = counts(one);
    return first > 0 && others.every((count) => count === first);
  });
  if (steady !== undefined || lines.length === 0) return steady ?? ",";
  const sums = SEPARATORS.map((one) => counts(one).reduce((sum, count) => sum + count, 0));
  const most = Math.max(...sums);
  if (most > 0) return SEPARATORS[sums.indexOf(most)] ?? ",";
  if (lines.every((line) => /\S[ ]+\S/.test(line))) {
    throw tableError("SEPARATOR", name, "its columns are separated by blanks");
  }
  return ",";
}

/** The first lines that are not empty, with what is quoted taken out. */
function firstLines(text: string): readonly string[] {
  const bare = text.replaceAll(/"(?:[^"]|"")*"/g, '""');
  const lines = bare.split(/\r\n|\n|\r/);
  // The last line of a sample may be cut off.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  return whole.filter((line) => line.trim() !== "").slice(0, SAMPLE_LINES);
}
