/** Length of the campaigns. */
export interface Profile {
  /** Runs of each fuzz test. */
  readonly fuzzRuns: number;
  /** Runs of the invariant campaign, and calls per run. */
  readonly invariantRuns: number;
  readonly depth: number;
  /** Number of random histories, each of `depth` calls. */
  readonly histories: number;
  /** Minimum number of asserted successes of each action, over invariant runs and histories. */
  readonly successes: number;
}

/** For `npm test`: long enough for every action to succeed at least once. */
export const SHORT: Profile = { fuzzRuns: 64, invariantRuns: 64, depth: 32, histories: 32, successes: 1 };
/** Default of `npm run test:fuzz` and `test:invariants`, also in `.ci/run`: six minutes on two cores. */
export const CI: Profile = { fuzzRuns: 512, invariantRuns: 512, depth: 64, histories: 256, successes: 500 };
/** For `--long`: takes hours. */
export const LONG: Profile = { fuzzRuns: 10_000, invariantRuns: 10_000, depth: 100, histories: 10_000, successes: 500 };
