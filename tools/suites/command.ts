// `npm test`: every suite, one after the other; the last line sums them up. `--only NAME`, repeated, runs some of them.
import { parseArgs } from "node:util";

import { isSuccess, totalLine, type SuiteResult } from "../jobs/suite-result.ts";
import { allSuites, type Suite } from "./suites.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const suites = chosen(allSuites(), values.only);
ensureContractsBuilt();
const results: SuiteResult[] = [];
const start = performance.now();
for (const [index, suite] of suites.entries()) results.push(await run(suite, index));

console.log(`\n${suites.length} suites in ${seconds(start)}`);
for (const result of results) console.log(`  ${result.name.padEnd(12)} ${totalLine([result])}`);
process.exitCode = isSuccess(results) ? 0 : 1;
console.log(totalLine(results));

async function run(suite: Suite, index: number): Promise<SuiteResult> {
  console.log(`\n[${index + 1}/${suites.length}] ${suite.name}`);
  const begin = performance.now();
  const result = await attempt(suite);
  if (result.fault !== undefined) console.log(`  FAILED: ${result.name}: ${result.fault}`);
  console.log(`  ${totalLine([result])} in ${seconds(begin)}`);
  return result;
}

async function attempt(suite: Suite): Promise<SuiteResult> {
  try {
    return await suite.run();
  } catch (error) {
    return { name: suite.name, passed: 0, failed: 1, skipped: 0, fault: `it could not be run: ${String(error)}` };
  }
}

function chosen(all: readonly Suite[], names: readonly string[] | undefined): readonly Suite[] {
  if (names === undefined) return all;
  const unknown = names.filter((name) => !all.some((suite) => suite.name === name));
  if (unknown.length === 0) return all.filter(({ name }) => names.includes(name));
  console.error(`no suite ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
