import type { CommonOptions } from "../options/options.ts";

/**
 * Prints a command's result: with `--json` one line of JSON, amounts as decimal strings; else lines for people.
 *
 * @param lines made only where they are shown
 */
export function printResult(
  { json }: Pick<CommonOptions, "json">,
  value: unknown,
  lines: () => readonly string[],
): void {
  process.stdout.write(`${json ? toJson(value) : lines().join("\n")}\n`);
}

/** JSON with amounts and ids, which are bigints, as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
}

/** Rows of text in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[], indent = ""): readonly string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    `${indent}${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
