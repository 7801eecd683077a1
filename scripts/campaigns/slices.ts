import { availableParallelism } from "node:os";

import { forgeTest, type ForgeTest } from "../forge/forge-test.ts";

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

export interface SliceResult<T> {
  readonly slice: Slice;
  readonly tests: readonly ForgeTest[];
  readonly told: T;
}

/** Largest part of a campaign: so that progress shows, and an interrupted run loses little. */
export function slicesOf(runs: number, most: number): readonly number[] {
  const full = Array.from({ length: Math.floor(runs / most) }, () => most);
  return runs % most === 0 ? full : [...full, runs % most];
}

/** Seed of part `index` of a campaign. */
export function sliceSeed(seed: number, index: number): bigint {
  return (BigInt(seed) << 32n) + BigInt(index);
}

/**
 * Runs all parts, as many at a time as there are processors, and says after each how far its campaign is.
 *
 * @param read what else a part told, once it is over
 */
export async function runSlices<T>(
  slices: readonly Slice[],
  read: (slice: Slice) => T,
): Promise<readonly SliceResult<T>[]> {
  const start = performance.now();
  const waiting = [...slices];
  const results: SliceResult<T>[] = [];
  const worker = async () => {
    for (let slice = waiting.shift(); slice !== undefined; slice = waiting.shift()) {
      const tests = await forgeTest(slice);
      for (const test of tests) if (!test.passed) console.log(failure(test, slice));
      results.push({ slice, tests, told: read(slice) });
      console.log(progress(slice, slices, results, start));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

function progress<T>(
  { campaign }: Slice,
  slices: readonly Slice[],
  results: readonly SliceResult<T>[],
  start: number,
): string {
  const sum = (some: readonly Slice[]) =>
    some.filter((one) => one.campaign === campaign).reduce((total, { runs }) => total + runs, 0);
  const done = sum(results.map(({ slice }) => slice));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  return `    ${campaign}: ${done.toLocaleString("en")} of ${sum(slices).toLocaleString("en")} runs, ${seconds} s`;
}

function failure({ name, reason, calls }: ForgeTest, { seed, runs }: Slice): string {
  const again = `npm run forge -- test --match-test ${name} --fuzz-seed 0x${seed.toString(16)} --fuzz-runs ${runs} -vvv`;
  const after = calls > 0 ? ` after ${calls} calls` : "";
  return `    FAILED: ${name}${after}: ${reason ?? "it tells no reason"}\n      its trace: ${again}`;
}
