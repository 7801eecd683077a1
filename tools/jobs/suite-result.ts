/** A test file and the time that its tests took. */
export interface TimedFile {
  /** Path from the project's folder. */
  readonly file: string;
  readonly seconds: number;
  /** User and system time of the suite's process: what other load does not change. */
  readonly processorSeconds: number;
}

/** Counts of a suite, or of a step of `.ci/run`. */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why the suite itself failed, whatever its tests did. */
  readonly fault?: string;
  /** Test files with their times; mocha suites only. */
  readonly files?: readonly TimedFile[];
}

/** Writes the sum of all suites: the last line of `npm test` and of `.ci/run`. */
export function totalLine(results: readonly SuiteResult[]): string {
  const sum = (count: (result: SuiteResult) => number) =>
    results.reduce((total, result) => total + count(result), 0).toString();
  const skipped = sum((result) => result.skipped);
  const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`;
  return skipped === "0" ? line : `${line}, ${skipped} skipped`;
}

/** Whether nothing failed, and something ran. */
export function isSuccess(results: readonly SuiteResult[]): boolean {
  return results.some(({ passed }) => passed > 0) && results.every(({ failed }) => failed === 0);
}

/** Reads a last line that {@link totalLine} wrote; `undefined` where it is another line. */
export function parseTotalLine(line: string): Omit<SuiteResult, "name"> | undefined {
  const match = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line);
  if (match === null) return undefined;
  const [, passed, failed, skipped = "0"] = match;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}
