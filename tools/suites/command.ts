// `npm test`: runs the suites, one per core at a time; prints a table of times and the total counts in the last line.
// `npm run test:slow`: runs those that `npm test` leaves out.
//
//     --slow           runs the slow suites
//     --only NAME      runs this suite only; repeat for several suites
//     --slowest        also prints the ten slowest test files
//     --record         saves the counts for docs/evidence.md
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { recordResult } from "../evidence/results.ts";
import { jobRemarks, jobTable } from "../jobs/job-table.ts";
import { runJobs, type Job } from "../jobs/schedule.ts";
import { slowestFiles } from "./slowest-files.ts";
import { isSuccess, totalLine } from "../jobs/suite-result.ts";
import { quickSuites, slowSuites } from "./suites.ts";

const SLOWEST = 10;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: {
    slow: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    slowest: { type: "boolean", default: false },
    record: { type: "boolean", default: process.env["CW_RECORD"] === "1" },
  },
});
const jobs = chosen(values.slow, values.only);
ensureContractsBuilt();
const start = performance.now();
// One suite per core: suites are CPU-bound, so more would not finish sooner.
const reports = await runJobs({ jobs, processors: availableParallelism(), print: (text) => console.log(text) });

if (values.slowest) console.log(`\n${slowestFiles(reports, SLOWEST)}`);
console.log(`\n${jobTable("suite", reports, (performance.now() - start) / 1000)}`);
for (const remark of jobRemarks(reports)) console.log(remark);
const total = totalLine(reports);
if (values.record && values.only === undefined) {
  const [gate, what] = values.slow ? ["slow-tests", "slow suites"] : ["tests", "all but the slow suites"];
  recordResult(gate, [{ what, figure: total, target: "0 failed", met: isSuccess(reports) }]);
}
if (!values.slow && values.only === undefined) console.log("Not run here: npm run test:slow");
process.exitCode = isSuccess(reports) ? 0 : 1;
console.log(total);

function chosen(slow: boolean, names: readonly string[] | undefined): readonly Job[] {
  if (names === undefined) return slow ? slowSuites() : quickSuites();
  const all = [...quickSuites(), ...slowSuites()];
  const unknown = names.filter((name) => !all.some((suite) => suite.name === name));
  if (unknown.length === 0) return all.filter(({ name }) => names.includes(name));
  console.error(`unknown suite ${unknown.join(", ")}; suites: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}
