import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { forgeProgram } from "../forge/forge-program.ts";
import { ROOT } from "../programs/run-tool.ts";
import type { Job } from "../jobs/schedule.ts";
import { runSuiteProcess, type SuiteProcess } from "./suite-process.ts";

const MINUTE_MS = 60_000;
/** Folders of `test/`, longest first, so that no core is idle at the end; other folders follow, then `LAST`. */
const FIRST = ["contracts", "trainer", "tools", "sdk", "experiments", "scripts", "docs"];
/** Runs last. */
const LAST = "e2e";
/** Suites that run alone, with the reason. */
const ALONE: Readonly<Record<string, string>> = {
  e2e: "its processes have to meet deadlines in real time",
  packages: "`npm pack` swaps the manifests of sdk/ and trainer/, which other suites import",
};
/** Folders of `test/` without tests of their own, or with tests that another command runs. */
const NO_SUITES = new Set(["helpers", "symbolic"]);
/** Guards against a hang; not a performance target. */
const TIMEOUT_MS = 30 * MINUTE_MS;

/** Returns all suites of `npm test`: Solidity tests, lint, and one for each folder of `test/`. */
export function allSuites(): readonly Job[] {
  const [longest, ...others] = suiteFolders();
  return [
    ...(longest === undefined ? [] : [mochaSuite(longest)]),
    soliditySuite(),
    lintSuite(),
    ...others.map(mochaSuite),
  ];
}

function lintSuite(): Job {
  return suiteOf({ name: "lint", program: "tools/suites/lint-suite.ts", arguments: [], timeoutMs: TIMEOUT_MS });
}

/** The Solidity tests; skipped on platforms without a forge package. */
function soliditySuite(): Job {
  const name = "solidity";
  if (forgeProgram() !== undefined) {
    return suiteOf({ name, program: "tools/suites/solidity-suite.ts", arguments: [], timeoutMs: TIMEOUT_MS });
  }
  return {
    name,
    processors: 1,
    run: ({ stream }) => {
      stream.write(`  NOT RUN: no forge package for ${process.platform} on ${process.arch}\n`);
      return Promise.resolve({ name, passed: 0, failed: 0, skipped: 1 });
    },
  };
}

function mochaSuite(name: string): Job {
  const files = filesIn(name, "**/*.test.ts");
  const suite = { name, program: "tools/suites/mocha-suite.ts", arguments: files, timeoutMs: TIMEOUT_MS };
  return { ...suiteOf(suite), processors: name in ALONE ? Infinity : 1 };
}

function suiteOf(suite: SuiteProcess): Job {
  return {
    name: suite.name,
    processors: 1,
    run: ({ stream }) => runSuiteProcess({ ...suite, output: stream }),
  };
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
