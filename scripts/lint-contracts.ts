// `npm run lint:contracts`: what solhint and Slither say about the contracts; fails on anything that is not explained beside the
// code. `--install` fetches Slither where it is missing; without it that part is NOT RUN.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { formatLintResult, runSolidityLint } from "./lint-checks.ts";
import { locatePythonProgram, SLITHER } from "./python-program.ts";
import { ROOT } from "./run-tool.ts";
import { bareDirectives } from "./slither/directives.ts";
import { slitherFindings, type Finding } from "./slither/findings.ts";
import { totalLine, type SuiteResult } from "./suite-result.ts";

/** Detectors whose every finding has one and the same explanation. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "naming-convention": "solhint holds the names, and wants immutables in capitals, as constants are",
  timestamp: "phases are periods of block time by design; a block's producer moves it by seconds at most",
};

const { values } = parseArgs({ options: { install: { type: "boolean", default: false } } });
const results = [await solhint(), directives(), await slither(values.install)];
const line = totalLine(results);
console.log(line);
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1;

async function solhint(): Promise<SuiteResult> {
  const result = await runSolidityLint();
  console.log(formatLintResult(result));
  return counted("solhint", result.passed);
}

function directives(): SuiteResult {
  const files = globSync("contracts/**/*.sol", { cwd: ROOT }).toSorted();
  const bare = files.flatMap((file) =>
    bareDirectives(readFileSync(join(ROOT, file), "utf8")).map((one) => ({ file, ...one })),
  );
  for (const { file, line: number, text } of bare) console.log(`  ${file}:${number}: says no reason: ${text}`);
  console.log(`  ${bare.length} directives to Slither without a reason; 0 wanted`);
  return counted("directives", bare.length === 0);
}

async function slither(install: boolean): Promise<SuiteResult> {
  const located = await locatePythonProgram(SLITHER, install);
  if (located.kind === "missing") {
    console.log(`  NOT RUN: Slither: ${located.reason}`);
    return { name: "slither", passed: 0, failed: 0, skipped: 1 };
  }
  const findings = await slitherFindings(located.path);
  for (const [detector, reason] of Object.entries(EXPLAINED)) {
    const count = findings.filter((finding) => finding.detector === detector).length;
    console.log(`  ${count} x ${detector}, explained: ${reason}`);
  }
  const unexplained = findings.filter(({ detector }) => !Object.hasOwn(EXPLAINED, detector));
  for (const finding of unexplained) console.log(formatFinding(finding));
  console.log(`  ${unexplained.length} findings of Slither without an explanation; 0 wanted`);
  return counted("slither", unexplained.length === 0);
}

function formatFinding({ detector, impact, file, line: number, text }: Finding): string {
  return `  ${file}:${number}: ${detector} (${impact}): ${text.replaceAll("\n", "\n      ")}`;
}

function counted(name: string, holds: boolean): SuiteResult {
  return { name, passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 };
}
