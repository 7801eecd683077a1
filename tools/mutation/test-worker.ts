// Loads mocha files of the project's copy in this folder once, then runs the tests that each order selects and reports
// the first failure. `node tools/mutation/test-worker.ts FILE ...`
import { relative } from "node:path";

import hre from "hardhat";
import Mocha from "mocha";

import { workerOrder, type RanTest, type WorkerAnswer } from "./worker-message.ts";

const mocha = new Mocha({ timeout: 0, forbidOnly: true, bail: true, reporter: Mocha.reporters.Base });
mocha.cleanReferencesAfterRun(false);
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();

/** Sites reached since the present test, or the present suite's `before` hooks, began. */
let reached = new Set<number>();
if (process.env["CW_WATCH"] === "1") {
  hre.hooks.registerHandlers("network", {
    onCoverageData: async (_context, tags) => {
      for (const tag of tags) reached.add(Number(`0x${tag}`));
    },
  });
}

const tests = testsIn(mocha.suite);
process.on("message", (order) => run(new Set(workerOrder.parse(order).titles)));
answer({ kind: "ready", tests: tests.map((test) => ({ file: fileOf(test), title: test.fullTitle() })) });

function run(wanted: ReadonlySet<string>): void {
  const ran: RanTest[] = [];
  const before = new Map<Mocha.Suite, ReadonlySet<number>>();
  let failure: WorkerAnswer | undefined;
  // Cast: mocha only calls `test`.
  mocha.grep({ test: (title: string) => wanted.has(title) } as RegExp);
  const runner = mocha.run(() =>
    answer(failure ?? { kind: "passed", tests: ran, memory: process.memoryUsage.rss() / 2 ** 20 }),
  );
  runner.on("suite", (suite) => {
    reached = new Set();
    before.set(suite, reached);
  });
  runner.on("test", () => (reached = new Set()));
  runner.on("pass", (test) => {
    const places = [...suitesOf(test).flatMap((suite) => [...(before.get(suite) ?? [])]), ...reached];
    ran.push({
      file: fileOf(test),
      title: test.fullTitle(),
      seconds: (test.duration ?? 0) / 1000,
      reached: [...new Set(places)],
    });
  });
  runner.on("fail", (failed, error: unknown) => {
    failure ??= {
      kind: "failed",
      file: fileOf(failed),
      title: failed.fullTitle(),
      error: (error instanceof Error ? error.message : String(error)).slice(0, 300),
      memory: process.memoryUsage.rss() / 2 ** 20,
    };
  });
}

function testsIn(suite: Mocha.Suite): readonly Mocha.Test[] {
  return [...suite.tests, ...suite.suites.flatMap(testsIn)];
}

function suitesOf(test: Mocha.Runnable): readonly Mocha.Suite[] {
  const suites: Mocha.Suite[] = [];
  for (let suite = test.parent; suite !== undefined; suite = suite.parent) suites.push(suite);
  return suites;
}

function fileOf(test: Mocha.Runnable): string {
  return relative(process.cwd(), test.file ?? "");
}

function answer(message: WorkerAnswer): void {
  process.send?.(message);
}
