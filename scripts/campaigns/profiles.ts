/** How long the campaigns are: in `npm test`, and by `--long` the acceptance's long profile. */
export interface Profile {
  readonly fuzzRuns: number;
  readonly invariantRuns: number;
  readonly depth: number;
  readonly histories: number;
  readonly successes: number;
}

export const CI: Profile = { fuzzRuns: 128, invariantRuns: 512, depth: 64, histories: 64, successes: 500 };
export const LONG: Profile = { fuzzRuns: 10_000, invariantRuns: 10_000, depth: 100, histories: 10_000, successes: 500 };
