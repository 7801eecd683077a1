// Checks a demo's report against the demo's promises: scripts/demo/check-report.ts [FILE] [--honest]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { z } from "zod";

import { promisesOf, type Promised } from "./report-promises.ts";
import { demoReport } from "./report-schema.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { honest: { type: "boolean", default: false } },
});
const promises = judge(positionals[0] ?? "demo-out/report.json", values.honest);
for (const { text, holds, found } of promises) console.log(`  ${holds ? "ok    " : "FAILED"} ${text} (${found})`);
const failed = promises.filter(({ holds }) => !holds).length;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${promises.length - failed} passed, ${failed} failed`);

function judge(path: string, honest: boolean): readonly Promised[] {
  const text = "the report exists and matches its schema";
  try {
    const report = demoReport.parse(JSON.parse(readFileSync(path, "utf8")));
    return [{ text, holds: true, found: path }, ...promisesOf(report, honest)];
  } catch (error) {
    return [{ text, holds: false, found: error instanceof z.ZodError ? z.prettifyError(error) : String(error) }];
  }
}
