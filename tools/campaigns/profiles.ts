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

/** In `npm test`: what keeps the whole of the Solidity tests within six minutes on two cores. */
export const CI: Profile = { fuzzRuns: 512, invariantRuns: 512, depth: 64, histories: 256, successes: 500 };
/** By `--long`: the acceptance's long profile, some hours. */
export const LONG: Profile = { fuzzRuns: 10_000, invariantRuns: 10_000, depth: 100, histories: 10_000, successes: 500 };
