import { globSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { forgeProgram } from "../forge/forge-program.ts";
import { GAS_TESTS } from "../gas/gas-tests.ts";
import { ROOT } from "../programs/run-tool.ts";
import type { Job } from "../jobs/schedule.ts";
import { runSuiteProcess, type SuiteProcess } from "./suite-process.ts";

const MINUTE_MS = 60_000;
/** Folders of `test/`, longest first, so that no core is idle at the end; other folders follow. */
const FIRST = ["contracts", "trainer", "sdk", "tools", "scripts"];
/** Mocha suites that `npm test` leaves to `npm run test:slow`, so that it ends within eight minutes on two cores. */
const SLOW: Readonly<Record<string, readonly string[]>> = {
  gas: GAS_TESTS,
  access: ["test/contracts/access/access.test.ts"],
  build: ["test/tools/verify-build.test.ts"],
  packages: filesIn("packages"),
  e2e: filesIn("e2e"),
};
/** Suites that run alone, with the reason. */
const ALONE: Readonly<Record<string, string>> = {
  e2e: "its processes have to meet deadlines in real time",
  packages: "`npm pack` swaps the manifests of sdk/ and trainer/, which other suites import",
};
/** Folders of `test/` without tests of their own, or with tests that another command runs. */
const NO_SUITES = new Set(["helpers", "symbolic", "packages", "e2e", "kubo", "idle"]);
/** Guards against a hang; not a performance target. */
const TIMEOUT_MS = 30 * MINUTE_MS;

/** Returns the suites of `npm test`: the Solidity tests, and one for each folder of `test/`. */
export function quickSuites(): readonly Job[] {
  const slow = new Set(Object.values(SLOW).flat());
  const [longest, ...others] = suiteFolders().map((name) =>
    mochaSuite(
      name,
      filesIn(name).filter((file) => !slow.has(file)),
    ),
  );
  return [...(longest === undefined ? [] : [longest]), soliditySuite(), ...others];
}

/** Returns the suites of `npm run test:slow`: lint, and the tests that take minutes each. */
export function slowSuites(): readonly Job[] {
  return [lintSuite(), ...Object.entries(SLOW).map(([name, files]) => mochaSuite(name, files))];
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

function mochaSuite(name: string, files: readonly string[]): Job {
  const paths = files.map((file) => join(ROOT, file));
  const suite = { name, program: "tools/suites/mocha-suite.ts", arguments: paths, timeoutMs: TIMEOUT_MS };
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
  return [...FIRST.filter((name) => folders.includes(name)), ...folders.filter((name) => !FIRST.includes(name))];
}

/** Test files in a folder of `test/`, as paths from the project's root. */
function filesIn(folder: string): readonly string[] {
  return globSync(`test/${folder}/**/*.test.ts`, { cwd: ROOT }).toSorted();
}
