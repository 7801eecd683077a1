import type { ForgeTest } from "../forge/forge-test.ts";

/** A part of a campaign that one process of forge runs. */
export interface Slice {
  /** What the part belongs to, as progress names it. */
  readonly campaign: string;
  /** Glob of test files. */
  readonly files: string;
  readonly runs: number;
  /** First seed of the part: no two parts share one. */
  readonly seed: bigint;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a part of a campaign came to. */
export interface Part {
  readonly tests: readonly ForgeTest[];
  /** Asserted successes by action; empty where there are no histories. */
  readonly successes: readonly number[];
}
