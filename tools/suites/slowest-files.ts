import Table from "cli-table3";

import type { SuiteResult } from "../jobs/suite-result.ts";

/** Table of the slowest mocha files of all suites. */
export function slowestFiles(results: readonly SuiteResult[], count: number): string {
  const head = ["slowest files", "seconds", "of one processor"];
  const table = new Table({
    head,
    colAligns: ["left", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  const files = results.flatMap((result) => result.files ?? []);
  for (const { file, seconds, processorSeconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, count)) {
    table.push([file, seconds.toFixed(1), processorSeconds.toFixed(1)]);
  }
  return table.toString();
}
