import Table from "cli-table3";

import type { JobReport } from "./schedule.ts";

/** Table of all jobs in order: counts and minutes. */
export function jobTable(what: string, reports: readonly JobReport[], totalSeconds: number): string {
  const head = [what, "passed", "failed", "not run", "minutes"];
  const right = "right" as const;
  const table = new Table({
    head,
    colAligns: ["left", right, right, right, right],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, passed, failed, skipped, seconds } of reports) {
    table.push([name, passed, failed, skipped, minutes(seconds)]);
  }
  const sum = (count: (report: JobReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  table.push([
    "all",
    sum(({ passed }) => passed),
    sum(({ failed }) => failed),
    sum(({ skipped }) => skipped),
    minutes(totalSeconds),
  ]);
  return table.toString();
}

/** Lines about failed and skipped tests, each by name, from the jobs' output. */
export function jobRemarks(reports: readonly JobReport[]): readonly string[] {
  return [
    ...reports.filter(({ failed }) => failed > 0).flatMap(failures),
    ...reports.filter(({ skipped }) => skipped > 0).flatMap(notRun),
  ];
}

function failures({ name, fault, output }: JobReport): readonly string[] {
  const named = linesOf(output, /^FAILED: (.+)$/, /^\s*FAILED:? +(.+)$/);
  const all = fault === undefined ? named : [...named, fault];
  return (all.length > 0 ? all : ["see its output"]).map((text) => `FAILED: ${name}: ${text}`);
}

/** Printed reasons for skipping, or else the names of skipped tests. */
function notRun({ name, skipped, output }: JobReport): readonly string[] {
  const all = linesOf(output, /^NOT RUN: (.+)$/, /^\s*NOT RUN: (.+)$/, /^\s*(.*\bNOT RUN\b.+)$/, /^\s*skipped: (.+)$/);
  return (all.length > 0 ? all : [`${skipped}, without a reason`]).map((text) => `NOT RUN: ${name}: ${text}`);
}

/** Distinct captures of the first pattern that matches any line. */
function linesOf(output: string, ...patterns: readonly RegExp[]): readonly string[] {
  const lines = output.split("\n");
  const found = patterns.map((pattern) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []));
  return [...new Set(found.find((some) => some.length > 0))];
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1);
}
