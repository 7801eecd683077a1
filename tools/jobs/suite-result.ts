/** A test file and the time that its tests took. */
export interface TimedFile {
  /** Path from the project's folder. */
  readonly file: string;
  readonly seconds: number;
  /** CPU time (user and system) of the suite's process, which does not depend on other load. */
  readonly processorSeconds: number;
}

/** Counts of a suite, or of a step of `.ci/run`. */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why the suite itself failed, apart from its tests. */
  readonly fault?: string;
  /** Test files with their times; mocha suites only. */
  readonly files?: readonly TimedFile[];
}

/** The result of a suite or step that could not be counted: one failure. */
export function faultyResult(name: string, fault: string): SuiteResult {
  return { name, passed: 0, failed: 1, skipped: 0, fault };
}

/** Formats the total counts of all suites: the last line of `npm test` and of `.ci/run`. */
export function totalLine(results: readonly SuiteResult[]): string {
  const sum = (count: (result: SuiteResult) => number) =>
    results.reduce((total, result) => total + count(result), 0).toString();
  const skipped = sum((result) => result.skipped);
  const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`;
  return skipped === "0" ? line : `${line}, ${skipped} skipped`;
}

/** Whether at least one test passed and none failed. */
export function isSuccess(results: readonly SuiteResult[]): boolean {
  return results.some(({ passed }) => passed > 0) && results.every(({ failed }) => failed === 0);
}

/** Parses a line that {@link totalLine} wrote; `undefined` for any other line. */
export function parseTotalLine(line: string): Omit<SuiteResult, "name"> | undefined {
  const match = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line);
  if (match === null) return undefined;
  const [, passed, failed, skipped = "0"] = match;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}
