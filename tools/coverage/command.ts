// `npm run coverage`: line, statement and branch coverage of the contracts by their mocha suites; fails below 100 % of
// lines and statements, or below 98 % of branches. Random histories are left out, because their coverage varies.
//
// Hardhat measures lines and statements. A branch is one outcome of one condition: of `if`, `? :`, loops and `require`,
// and of each operand of `&&` and `||`. Each condition is wrapped in its own function, whose statements Hardhat counts.
// Works in a copy of the project, so that the instrumented build does not replace the real one.
import { availableParallelism } from "node:os";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { BRANCHES_FILE, withBranches, type Branch } from "./branches.ts";
import type { Figure } from "../bench/figures.ts";
import { finishGate, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { GAS_TESTS } from "../gas/gas-tests.ts";
import { liftChainLimits } from "../gas/lift-chain-limits.ts";
import { copyProject } from "../build/project-copy.ts";
import { runTool } from "../programs/run-tool.ts";
import { projectSources, QUICK, syntaxTrees } from "../solidity/compiler.ts";

const HARDHAT = "node_modules/hardhat/dist/src/cli.js";
const BRANCH_TARGET = 0.98;
/** Test files that do not run under coverage, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(GAS_TESTS.map((file) => [file, "it asserts gas, and instrumentation costs gas"])),
  "test/contracts/source.test.ts": "it measures the sources, which are instrumented here",
  "test/contracts/access/access.test.ts": "it repeats thousands of calls that other tests make once",
};
/** A row of Hardhat's table: file, lines in per cent, statements in per cent. */
const ROW = /^║ (contracts\/\S+) +│ (\d+\.\d\d) +│ (\d+\.\d\d) +│/gm;
const MOCKS = "contracts/mocks/";

const { values } = parseArgs({ options: { record: RECORD_OPTION } });
const folder = await copyProject("coverage");
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
finishGate({ gate: "coverage", figures: await measure(folder), record: values.record });

async function measure(copy: string): Promise<readonly Figure[]> {
  const original = projectSources();
  const { sources, branches } = withBranches(original, syntaxTrees(original));
  for (const [file, text] of sources) writeFileSync(join(copy, file), text);
  // No test here uses it, and it contains a second copy of all libraries.
  rmSync(join(copy, MOCKS, "LibraryHarness.sol"));
  liftChainLimits(copy);
  configure(copy);
  const { status, output } = await runTool(join(copy, HARDHAT), ["test", "--coverage", ...testFiles(copy)], copy);
  console.log(withoutMeasure(output));
  const report = join(copy, "coverage/lcov.info");
  if (!existsSync(report)) throw new Error("Hardhat wrote no coverage report: see its output above");
  const tests: Figure = {
    what: "tests that reach them",
    figure: status === 0 ? "all pass" : "some fail",
    target: "all pass",
    met: status === 0,
  };
  return [tests, ...fileFigures(output), branchFigure(branches, linesReached(report))];
}

function testFiles(copy: string): readonly string[] {
  for (const [file, why] of Object.entries(LEFT_OUT)) {
    if (!existsSync(join(copy, file))) throw new Error(`${file}, which coverage leaves out, does not exist`);
    console.log(`left out: ${file}: ${why}`);
  }
  const files = globSync("test/contracts/**/*.test.ts", { cwd: copy }).filter((file) => !(file in LEFT_OUT));
  console.log(`running ${files.length} files of test/contracts against instrumented contracts: some minutes`);
  return files.toSorted();
}

/**
 * Excludes mocks and disables most of the optimiser, which takes most of the build and does not affect coverage. Runs
 * the test files on all cores.
 */
function configure(copy: string): void {
  const path = join(copy, "hardhat.config.ts");
  const text = readFileSync(path, "utf8");
  const mocha = JSON.stringify({ parallel: true, jobs: availableParallelism(), timeout: 0 });
  const quick = text
    .replace("optimizer: { enabled: true, runs: 200 }", `optimizer: ${JSON.stringify(QUICK.optimizer)}`)
    .replace("  solidity: {", `  coverage: { skipFiles: ["${MOCKS}**"] },\n  test: { mocha: ${mocha} },\n  solidity: {`);
  if (!quick.includes("skipFiles") || !quick.includes("stackAllocation")) throw new Error("hardhat.config.ts does not have the expected settings");
  writeFileSync(path, quick);
}

/** Removes `BRANCHES_FILE` from Hardhat's table: it only serves to count branches. */
function withoutMeasure(output: string): string {
  return output.replace(new RegExp(`^.*${BRANCHES_FILE}.*\\n`, "gm"), "");
}

/** The lowest line coverage and the lowest statement coverage of any file. */
function fileFigures(output: string): readonly Figure[] {
  const rows = [...output.matchAll(ROW)].filter(([, file]) => file !== BRANCHES_FILE);
  if (rows.length === 0) throw new Error("cannot parse Hardhat's coverage table");
  return [2, 3].map((column): Figure => {
    const lowest = Math.min(...rows.map((row) => Number(row[column])));
    const what = `${column === 2 ? "lines" : "statements"}, the least of ${rows.length} files`;
    return { what, figure: `${lowest.toFixed(2)} %`, target: "100 %", met: lowest === 100 };
  });
}

function branchFigure(branches: readonly Branch[], reached: ReadonlyMap<number, boolean>): Figure {
  const unknown = branches.filter(({ mark }) => !reached.has(mark));
  if (unknown.length > 0) throw new Error(`${unknown.length} branches are missing from the report`);
  const missed = branches.filter(({ mark }) => reached.get(mark) !== true);
  for (const { file, line, condition, outcome } of missed) {
    console.log(`${file}:${line}: never ${outcome}: ${condition.replace(/\s+/g, " ")}`);
  }
  const count = branches.length - missed.length;
  const share = count / branches.length;
  return {
    what: "branches",
    figure: `${count} of ${branches.length}, ${(100 * share).toFixed(2)} %`,
    target: `>= ${100 * BRANCH_TARGET} %`,
    met: share >= BRANCH_TARGET,
  };
}

/** Whether each line of `BRANCHES_FILE` was executed. */
function linesReached(report: string): ReadonlyMap<number, boolean> {
  const sections = readFileSync(report, "utf8").split("end_of_record\n");
  const own = sections.find((section) => section.includes(`SF:${BRANCHES_FILE}\n`)) ?? "";
  return new Map([...own.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, line, count]) => [Number(line), count !== "0"]));
}
