import { relative } from "node:path";

import Mocha from "mocha";

import { ROOT } from "../programs/run-tool.ts";
import { endSuite } from "./suite-message.ts";

const { EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } =
  Mocha.Runner.constants;

/** Says a line for each file, and each failure at once; ends the process with the suite's counts. */
export class SuiteReporter extends Mocha.reporters.Base {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  #file: string | undefined;

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_SUITE_BEGIN, (suite) => this.#begin(suite));
    runner.on(EVENT_TEST_PASS, () => this.#counts.passed++);
    runner.on(EVENT_TEST_PENDING, (test) => {
      this.#counts.skipped++;
      console.log(`    skipped: ${test.fullTitle()}`);
    });
    runner.on(EVENT_TEST_FAIL, (test, error: unknown) => {
      this.#counts.failed++;
      console.log(`    FAILED: ${test.fullTitle()}\n${describe(error)}`);
    });
    runner.on(EVENT_RUN_END, () => endSuite(this.#counts));
  }

  #begin({ file }: Mocha.Suite): void {
    if (file === undefined || file === this.#file) return;
    this.#file = file;
    console.log(`  ${relative(ROOT, file)}`);
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replace(/^/gm, "      ");
}
