// `npm run lint:contracts`: runs solhint and Slither on the contracts; fails on any finding without an explanation.
// `--install` installs Slither if it is missing; otherwise that part is NOT RUN. `--record` saves the figures for
// docs/evidence.md.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { formatLintResult, runSolidityLint } from "../lint/checks.ts";
import { locatePythonProgram, SLITHER } from "../programs/python-program.ts";
import { ROOT } from "../programs/run-tool.ts";
import { directivesIn } from "./directives.ts";
import { explain, type Blanket, type Explanations } from "./explain.ts";
import { slitherFindings, type Finding } from "./findings.ts";
import { noneAllowed, type Figure } from "../bench/figures.ts";
import { RECORD_OPTION } from "../evidence/finish-gate.ts";
import { recordResult } from "../evidence/results.ts";
import { isSuccess, totalLine, type SuiteResult } from "../jobs/suite-result.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

/** Findings with one common explanation, instead of the same comment in dozens of places. */
const BLANKETS: readonly Blanket[] = [
  {
    detector: "naming-convention",
    reason: "solhint checks the names, and requires capitals for immutables as for constants",
    holds: () => true,
  },
  {
    detector: "timestamp",
    reason: "phases are periods of block time by design; a block producer can shift it by a few seconds only",
    holds: () => true,
  },
  {
    detector: "incorrect-equality",
    reason: "the file compares phases, counts and digests, and reads no balance, which token donations could change",
    holds: (source) => !/balance/i.test(source),
  },
];

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const { values } = parseArgs({
  options: { install: { type: "boolean", default: false }, record: RECORD_OPTION },
});
ensureContractsBuilt();
const results = [await solhint(), await slither(values)];
console.log(totalLine(results));
process.exitCode = isSuccess(results) ? 0 : 1;

async function solhint(): Promise<SuiteResult> {
  const result = await runSolidityLint();
  console.log(formatLintResult(result));
  return { name: "solhint", passed: result.passed ? 1 : 0, failed: result.passed ? 0 : 1, skipped: 0 };
}

async function slither({ install, record }: typeof values): Promise<SuiteResult> {
  const located = await locatePythonProgram(SLITHER, install);
  if (located.kind === "missing") {
    console.log(`  NOT RUN: Slither: ${located.reason}`);
    return { name: "slither", passed: 0, failed: 0, skipped: 1 };
  }
  const findings = await slitherFindings(located.path);
  const sources = new Map(
    globSync("contracts/**/*.sol", { cwd: ROOT }).map((file) => [file, readFileSync(join(ROOT, file), "utf8")]),
  );
  const directives = [...sources].flatMap(([file, source]) => directivesIn(source, file));
  const explanations = explain(findings, directives, sources, BLANKETS);
  print(explanations, findings.length);
  const { unexplained, bare, idle } = explanations;
  const holds = unexplained.length + bare.length + idle.length === 0;
  if (record) recordResult("slither", figuresOf(explanations, findings.length));
  return { name: "slither", passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 };
}

function figuresOf({ unexplained, bare, idle, blankets }: Explanations, total: number): readonly Figure[] {
  const byRule = blankets.reduce((sum, { count }) => sum + count, 0);
  return [
    noneAllowed(`findings without an explanation, of ${total}`, unexplained.length),
    noneAllowed("directives without a good reason", bare.length),
    noneAllowed("directives that silence nothing", idle.length),
    { what: "findings explained by a rule for all files", figure: String(byRule), target: "none", met: byRule === 0 },
  ];
}

function print({ unexplained, bare, idle, blankets }: Explanations, total: number): void {
  for (const { blanket, count } of blankets) {
    console.log(`  ${count.toString().padStart(3)} x ${blanket.detector}, explained: ${blanket.reason}`);
  }
  const beside = total - unexplained.length - blankets.reduce((sum, { count }) => sum + count, 0);
  console.log(`  ${beside.toString().padStart(3)} explained beside the code`);
  for (const { file, line, text } of bare)
    console.log(`  ${file}:${line}: gives no reason, or hides too much: ${text}`);
  for (const { directive, detector } of idle) {
    console.log(`  ${directive.file}:${directive.line}: silences nothing: ${detector}`);
  }
  for (const finding of unexplained) console.log(formatFinding(finding));
  console.log(`  Slither: ${total} findings, ${unexplained.length} unexplained; 0 wanted`);
  console.log(`  directives: ${bare.length} without a good reason, ${idle.length} that silence nothing; 0 wanted`);
}

function formatFinding({ detector, impact, place, text }: Finding): string {
  return `  ${place.file}:${place.line}: ${detector} (${impact}): ${text.replaceAll("\n", "\n      ")}`;
}
