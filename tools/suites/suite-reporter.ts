import { relative } from "node:path";

import Mocha from "mocha";

import { ROOT } from "../programs/run-tool.ts";
import type { TimedFile } from "../jobs/suite-result.ts";
import { endSuite } from "./suite-message.ts";

const { EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_TEST_BEGIN, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } =
  Mocha.Runner.constants;

/** Prints one line per file, and failures as they occur; at the end sends the suite's counts and exits. */
export class SuiteReporter extends Mocha.reporters.Base {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #files: TimedFile[] = [];
  #file: { readonly path: string; readonly start: number; readonly cpu: NodeJS.CpuUsage } | undefined;

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_SUITE_BEGIN, (suite) => this.#begin(suite));
    runner.on(EVENT_TEST_BEGIN, (test) => this.#begin(test));
    runner.on(EVENT_TEST_PASS, () => this.#counts.passed++);
    runner.on(EVENT_TEST_PENDING, (test) => {
      this.#counts.skipped++;
      console.log(`    skipped: ${test.fullTitle()}`);
    });
    runner.on(EVENT_TEST_FAIL, (test, error: unknown) => {
      this.#counts.failed++;
      console.log(`    FAILED: ${test.fullTitle()}\n${describe(error)}`);
    });
    runner.on(EVENT_RUN_END, () => {
      this.#end();
      endSuite({ ...this.#counts, files: this.#files });
    });
  }

  #begin({ file: path }: Mocha.Suite | Mocha.Test): void {
    if (path === undefined || path === this.#file?.path) return;
    this.#end();
    this.#file = { path, start: performance.now(), cpu: process.cpuUsage() };
    console.log(`  ${relative(ROOT, path)}`);
  }

  #end(): void {
    if (this.#file === undefined) return;
    const { path, start, cpu } = this.#file;
    const { user, system } = process.cpuUsage(cpu);
    this.#files.push({
      file: relative(ROOT, path),
      seconds: (performance.now() - start) / 1000,
      processorSeconds: (user + system) / 1e6,
    });
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replace(/^/gm, "      ");
}
