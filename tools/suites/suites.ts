import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { forgeProgram } from "../forge/forge-program.ts";
import { formatLintResult, runLintChecks } from "../lint/checks.ts";
import { ROOT } from "../programs/run-tool.ts";
import { runSuiteProcess } from "./suite-process.ts";
import type { SuiteResult } from "../jobs/suite-result.ts";

/** One part of `npm test`. */
export interface Suite {
  readonly name: string;
  run(): Promise<SuiteResult>;
}

const MINUTE_MS = 60_000;
/** Folders of `test/` in the order in which they run, what others stand on first; those not named come before the last. */
const FIRST = ["contracts", "sdk", "scripts", "tools", "docs", "trainer"];
const LAST = "e2e";
/** Folders of `test/` that hold no tests of their own, or that another command runs. */
const NO_SUITES = new Set(["helpers", "symbolic"]);
/** Guards against hanging, not a figure. */
const TIMEOUT_MS = 30 * MINUTE_MS;

/** Gives all suites: lint, Solidity tests, and one for each folder of `test/`. */
export function allSuites(): readonly Suite[] {
  return [{ name: "lint", run: lint }, soliditySuite(), ...suiteFolders().map(mochaSuite)];
}

async function lint(): Promise<SuiteResult> {
  const results = await runLintChecks((result) => console.log(formatLintResult(result)));
  const passed = results.filter((result) => result.passed).length;
  return { name: "lint", passed, failed: results.length - passed, skipped: 0 };
}

/** The Solidity tests need forge: a platform without it says so. */
function soliditySuite(): Suite {
  const name = "solidity";
  const options = { name, program: "tools/suites/solidity-suite.ts", arguments: [], timeoutMs: 3 * TIMEOUT_MS };
  if (forgeProgram() !== undefined) return { name, run: () => runSuiteProcess(options) };
  return {
    name,
    run: async () => {
      console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
      return { name, passed: 0, failed: 0, skipped: 1 };
    },
  };
}

function mochaSuite(name: string): Suite {
  const files = filesIn(name, "**/*.test.ts");
  const options = { name, program: "tools/suites/mocha-suite.ts", arguments: files, timeoutMs: TIMEOUT_MS };
  return { name, run: () => runSuiteProcess(options) };
}

function suiteFolders(): readonly string[] {
  const folders = readdirSync(join(ROOT, "test"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_SUITES.has(entry.name))
    .map(({ name }) => name);
  const others = folders.filter((name) => !FIRST.includes(name) && name !== LAST).toSorted();
  return [...FIRST, ...others, LAST].filter((name) => folders.includes(name));
}

function filesIn(folder: string, pattern: string): readonly string[] {
  const cwd = join(ROOT, "test", folder);
  if (!existsSync(cwd)) return [];
  return globSync(pattern, { cwd })
    .toSorted()
    .map((file) => join(cwd, file));
}
