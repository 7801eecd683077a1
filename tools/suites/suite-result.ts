/** What came of a suite. */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why the suite itself failed, whatever its tests did. */
  readonly fault?: string;
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
