// `npm run coverage`: lines, statements and branches of the contracts that their mocha suites reach; fails below 100 % of lines
// and statements, or below 98 % of branches. Random histories are left out: what they reach is chance.
//
// A branch is one outcome of one condition: of `if`, `? :`, loops and `require`, and of each operand of `&&` and `||`.
// Works in a copy of the project: the instrumented build would otherwise stand in the place of the real one.
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { BRANCHES_FILE, withBranches, type Branch } from "./coverage/branches.ts";
import { liftChainLimits } from "./lift-chain-limits.ts";
import { copyProject } from "./project-copy.ts";
import { runTool } from "./run-tool.ts";
import { projectSources, QUICK, syntaxTrees } from "./solidity/compiler.ts";

const HARDHAT = "node_modules/hardhat/dist/src/cli.js";
const BRANCH_TARGET = 0.98;
/** A row of Hardhat's table: file, lines in per cent, statements in per cent. */
const ROW = /^║ (contracts\/\S+) +│ (\d+\.\d\d) +│ (\d+\.\d\d) +│/gm;
const MOCKS = "contracts/mocks/";

const folder = await copyProject("coverage");
try {
  process.exitCode = await measure(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(copy: string): Promise<number> {
  const original = projectSources();
  const { sources, branches } = withBranches(original, syntaxTrees(original));
  for (const [file, text] of sources) writeFileSync(join(copy, file), text);
  liftChainLimits(copy);
  compileQuickly(copy);
  const files = globSync("test/contracts/**/*.test.ts", { cwd: copy });
  console.log(`running ${files.length} files of test/contracts against instrumented contracts`);
  const { status, output } = await runTool(join(copy, HARDHAT), ["test", "--coverage", ...files], copy);
  // The file of branches is the measure, not what is measured.
  console.log(output.replace(new RegExp(`^.*${BRANCHES_FILE}.*\\n`, "gm"), ""));
  const rows = [...output.matchAll(ROW)].filter(
    ([, file]) => file?.startsWith(MOCKS) === false && file !== BRANCHES_FILE,
  );
  const incomplete = rows.filter(([, , lines, statements]) => lines !== "100.00" || statements !== "100.00");
  for (const [, file, lines, statements] of incomplete) {
    console.log(`${file}: lines ${lines} %, statements ${statements} %; the target is 100 %`);
  }
  const enough = reportBranches(branches, linesReached(join(copy, "coverage/lcov.info")));
  if (status !== 0) console.log("NOT MET: tests fail, so that what they reach proves nothing");
  return status === 0 && enough && rows.length > 0 && incomplete.length === 0 ? 0 : 1;
}

/** The optimiser changes no line that runs, and takes the most of a build. */
function compileQuickly(copy: string): void {
  const path = join(copy, "hardhat.config.ts");
  const text = readFileSync(path, "utf8");
  const quick = text.replace(
    "optimizer: { enabled: true, runs: 200 }",
    `optimizer: ${JSON.stringify(QUICK.optimizer)}`,
  );
  if (quick === text) throw new Error("the compiler's settings are not where they were");
  writeFileSync(path, quick);
}

function reportBranches(branches: readonly Branch[], reached: ReadonlyMap<number, boolean>): boolean {
  const unknown = branches.filter(({ mark }) => !reached.has(mark));
  if (unknown.length > 0) throw new Error(`the report says nothing of ${unknown.length} branches`);
  const missed = branches.filter(({ mark }) => reached.get(mark) !== true);
  for (const { file, line, condition, outcome } of missed) {
    console.log(`${file}:${line}: never ${outcome}: ${condition.replace(/\s+/g, " ")}`);
  }
  const share = (branches.length - missed.length) / branches.length;
  console.log(
    `branches: ${branches.length - missed.length} of ${branches.length}, ${(100 * share).toFixed(2)} %; the target is ${100 * BRANCH_TARGET} %`,
  );
  return share >= BRANCH_TARGET;
}

/** Which lines of the file of branches ran. */
function linesReached(report: string): ReadonlyMap<number, boolean> {
  const sections = readFileSync(report, "utf8").split("end_of_record\n");
  const own = sections.find((section) => section.includes(`SF:${BRANCHES_FILE}\n`)) ?? "";
  return new Map([...own.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, line, count]) => [Number(line), count !== "0"]));
}
