import Table from "cli-table3";

import type { CommonOptions } from "../options/options.ts";

const NO_BORDERS = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "" },
  middle: "  ",
};

/**
 * Prints a command's result: with `--json` one line of JSON, amounts as decimal strings; otherwise readable lines.
 *
 * @param lines called only without `--json`
 */
export function printResult(
  { json }: Pick<CommonOptions, "json">,
  value: unknown,
  lines: () => readonly string[],
): void {
  process.stdout.write(`${json ? toJson(value) : lines().join("\n")}\n`);
}

/** JSON with bigints (amounts and ids) as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
}

/** Rows of text in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[], indent = ""): readonly string[] {
  if (rows.length === 0) return [];
  const table = new Table({ chars: NO_BORDERS, style: { border: [], "padding-left": 0, "padding-right": 0 } });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => `${indent}${line}`.trimEnd());
}
