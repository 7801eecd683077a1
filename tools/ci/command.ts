// The program behind `.ci/run`: runs all tests, the demo and every gate that takes minutes. Prints a table of times,
// the names of skipped tests, and the total counts in the last line.
//
//     --only NAME      runs this step only; repeat for several steps
//     --list           prints the steps' names
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { jobRemarks, jobTable } from "../jobs/job-table.ts";
import { runJobs } from "../jobs/schedule.ts";
import { isSuccess, totalLine } from "../jobs/suite-result.ts";
import { ciSteps } from "./steps.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: { only: { type: "string", multiple: true }, list: { type: "boolean", default: false } },
});
const folder = mkdtempSync(join(tmpdir(), "commonweight-ci-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const all = ciSteps(join(folder, "demo"));
const unknown = (values.only ?? []).filter((name) => !all.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`unknown step ${unknown.join(", ")}; steps: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const jobs = all.filter(({ name }) => values.only?.includes(name) ?? true);
if (values.list) {
  for (const { name } of jobs) console.log(name);
  process.exit();
}

/** Time that bin/bootstrap.mjs took to install and build before it started this program. */
const installSeconds = Number(process.env["COMMONWEIGHT_INSTALL_SECONDS"] ?? 0);
const start = performance.now();
const reports = await runJobs({ jobs, processors: availableParallelism(), print: (text) => console.log(text) });
const seconds = installSeconds + (performance.now() - start) / 1000;
console.log(`\ninstallation and build: ${(installSeconds / 60).toFixed(1)} minutes`);
console.log(jobTable("step", reports, seconds));
for (const remark of jobRemarks(reports)) console.log(remark);
process.exitCode = isSuccess(reports) ? 0 : 1;
console.log(totalLine(reports));
