import type { ForgeTest } from "../forge/forge-test.ts";

/** A part of a campaign, run by one forge process. */
export interface Slice {
  /** Name of the campaign in progress lines. */
  readonly campaign: string;
  /** Glob of test files. */
  readonly files: string;
  readonly runs: number;
  /** Seed of the part; different for every part. */
  readonly seed: bigint;
  readonly environment: Readonly<Record<string, string>>;
}

/** Result of a part of a campaign. */
export interface Part {
  readonly tests: readonly ForgeTest[];
  /** Asserted successes by action; empty for fuzz tests. */
  readonly successes: readonly number[];
}
