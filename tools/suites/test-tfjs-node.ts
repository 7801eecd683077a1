// `npm run test:tfjs-node`: the engine tests on tfjs-node and beside WASM, under this Node and Node 24, and a whole
// job with trainers on both engines. `--install` installs the engine by `commonweight engine install` if it is missing;
// where it cannot be had, the gate is NOT RUN and says why. `--record` saves the figures for docs/evidence.md.
//
// The engine is the one in COMMONWEIGHT_ENGINE_DIR, by default in a folder below node_modules.
import { join } from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { installedTfjsNode } from "../../trainer/engine/native/location.ts";
import { noneAllowed, type Figure } from "../bench/figures.ts";
import { gateNotRun, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { recordResult } from "../evidence/results.ts";
import { isSuccess, totalLine, type SuiteResult } from "../jobs/suite-result.ts";
import { runProgram } from "../programs/run-program.ts";
import { ROOT } from "../programs/run-tool.ts";
import { runSuiteProcess } from "./suite-process.ts";

const FOLDER = join(ROOT, "node_modules/.cache/commonweight/engines");
const ENGINE_TESTS = ["test/trainer/engine/tfjs-node.test.ts", "test/trainer/engine/wasm.test.ts"];
const JOB_TEST = "test/e2e/mixed-engines.test.ts";
const LATER_NODE = "node@24";
const MINUTE_MS = 60_000;
/** Errors of the installation that lie with the machine or its network; all others are failures of the gate. */
const NOT_TO_BE_HAD = ["PACKAGES", "PLATFORM", "TOOLS", "LIBRARY"].map((name) => `ENGINE_INSTALL_${name}`);

/** Last line that the program prints with `--json` when it fails. */
const refusal = z.object({ error: z.string(), message: z.string() });

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const { values } = parseArgs({
  options: { install: { type: "boolean", default: false }, record: RECORD_OPTION },
});
process.env["COMMONWEIGHT_ENGINE_DIR"] ??= FOLDER;
ensureContractsBuilt();
const missing = values.install ? await install() : undefined;
if (missing !== undefined) {
  gateNotRun(missing);
} else if (installedTfjsNode() === undefined) {
  gateNotRun("tfjs-node is not installed; --install installs it");
} else {
  finish([
    await suite("engine tests", process.execPath, ENGINE_TESTS),
    await laterNode(),
    await suite("job on both engines", process.execPath, [JOB_TEST]),
  ]);
}

/**
 * Installs the engine; returns why it cannot be had here.
 *
 * @throws if the installation fails otherwise
 */
async function install(): Promise<string | undefined> {
  const program = [join(ROOT, "trainer/bin/commonweight.mjs"), "engine", "install", "--json"];
  const { status, output } = await runProgram(process.execPath, program, { folder: ROOT, timeoutMs: 6 * MINUTE_MS });
  console.log(output.trimEnd());
  if (status === 0) return undefined;
  const { error, message } = refusal.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
  if (!NOT_TO_BE_HAD.includes(error)) throw new Error(`${error}: ${message}`);
  return `${error}: ${message}`;
}

/** The engine tests under a later Node, where npx can fetch it. */
async function laterNode(): Promise<SuiteResult> {
  const name = `engine tests on ${LATER_NODE}`;
  const npx = ["--yes", "--loglevel=error", "-p", LATER_NODE, "--", "node", "-p", "process.execPath"];
  const { status, stdout } = await runProgram("npx", npx, { folder: ROOT, timeoutMs: 2 * MINUTE_MS });
  if (status === 0) return suite(name, stdout.trim(), ENGINE_TESTS);
  console.log(`  NOT RUN: ${name}: npx did not fetch it`);
  return { name, passed: 0, failed: 0, skipped: 1 };
}

/** Runs a suite. The engine is installed, so a test that is skipped because it does not load is a failure. */
async function suite(name: string, node: string, files: readonly string[]): Promise<SuiteResult> {
  console.log(`${name}:`);
  const program = "tools/suites/mocha-suite.ts";
  const paths = files.map((file) => join(ROOT, file));
  const result = await runSuiteProcess({ name, node, program, arguments: paths, timeoutMs: 5 * MINUTE_MS });
  if (result.skipped === 0) return result;
  const fault = `${result.skipped} tests were skipped although the engine is installed`;
  return { ...result, failed: result.failed + result.skipped, skipped: 0, fault };
}

function finish(results: readonly SuiteResult[]): void {
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  for (const { name, fault } of results) if (fault !== undefined) console.log(`${name}: ${fault}`);
  if (values.record) recordResult("tfjs-node", figuresOf(results, failed));
  process.exitCode = isSuccess(results) ? 0 : 1;
  console.log(totalLine(results));
}

function figuresOf(results: readonly SuiteResult[], failed: number): readonly Figure[] {
  const ran = results.filter(({ passed }) => passed > 0).map(({ name, passed }) => `${name} ${passed}`);
  const all = ran.length === results.length;
  return [
    { what: "tests that passed", figure: ran.join(", "), target: "all three run", met: all },
    noneAllowed("tests that failed", failed),
  ];
}
