/** How long the campaigns are. */
export interface Profile {
  /** Runs of each fuzz test. */
  readonly fuzzRuns: number;
  /** Runs of the invariant campaign, and the calls of each. */
  readonly invariantRuns: number;
  readonly depth: number;
  /** Random histories, of as many calls. */
  readonly histories: number;
  /** Least asserted successes of each action, in invariant runs and histories together. */
  readonly successes: number;
}

/** In `npm test`: enough that every action of the histories succeeds at least once. */
export const SHORT: Profile = { fuzzRuns: 64, invariantRuns: 64, depth: 32, histories: 32, successes: 1 };
/** By default in `npm run test:fuzz` and `test:invariants`, and in `.ci/run`: six minutes on two processors. */
export const CI: Profile = { fuzzRuns: 512, invariantRuns: 512, depth: 64, histories: 256, successes: 500 };
/** By `--long`: some hours. */
export const LONG: Profile = { fuzzRuns: 10_000, invariantRuns: 10_000, depth: 100, histories: 10_000, successes: 500 };
