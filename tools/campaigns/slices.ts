import { availableParallelism } from "node:os";

import { forgeTest, type ForgeTest } from "../forge/forge-test.ts";
import type { FinishedParts } from "./finished-parts.ts";
import type { Part, Slice } from "./slice.ts";

/** A part and its result. */
export interface SliceResult extends Part {
  readonly slice: Slice;
}

/** Divides runs into parts of at most `most`, for frequent progress lines and cheap interruptions. */
export function slicesOf(runs: number, most: number): readonly number[] {
  const full = Array.from({ length: Math.floor(runs / most) }, () => most);
  return runs % most === 0 ? full : [...full, runs % most];
}

/** Seed of part `index` of a campaign. */
export function sliceSeed(seed: number, index: number): bigint {
  return (BigInt(seed) << 32n) + BigInt(index);
}

/**
 * Runs all parts, one per core at a time, and prints the campaign's progress after each.
 *
 * @param finished parts to skip
 * @param successesOf reads a part's successes after it has run
 */
export async function runSlices(
  slices: readonly Slice[],
  finished: FinishedParts,
  successesOf: (slice: Slice) => readonly number[],
): Promise<readonly SliceResult[]> {
  const start = performance.now();
  const results: SliceResult[] = [];
  const waiting: Slice[] = [];
  for (const slice of slices) {
    const known = finished.find(slice);
    if (known === undefined) waiting.push(slice);
    else results.push({ slice, ...known });
  }
  if (results.length > 0) console.log(`    ${results.length} of ${slices.length} parts were finished before`);
  const worker = async () => {
    for (let slice = waiting.shift(); slice !== undefined; slice = waiting.shift()) {
      const tests = await forgeTest(slice);
      const result = { slice, tests, successes: successesOf(slice) };
      for (const test of tests) if (!test.passed) console.log(failure(test, slice));
      finished.note(slice, { tests, successes: result.successes });
      results.push(result);
      console.log(progress(slice, slices, results, start));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

function progress(
  { campaign }: Slice,
  slices: readonly Slice[],
  results: readonly SliceResult[],
  start: number,
): string {
  const sum = (some: readonly Slice[]) =>
    some.filter((one) => one.campaign === campaign).reduce((total, { runs }) => total + runs, 0);
  const done = sum(results.map(({ slice }) => slice));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  return `    ${campaign}: ${done.toLocaleString("en")} of ${sum(slices).toLocaleString("en")} runs, ${seconds} s`;
}

function failure({ name, reason, calls }: ForgeTest, { seed, environment }: Slice): string {
  const settings = Object.entries({ ...environment, FOUNDRY_FUZZ_SEED: `0x${seed.toString(16)}` })
    .filter(([setting]) => setting !== "CW_SUCCESSES_FILE")
    .map(([setting, value]) => `${setting}=${value}`);
  const after = calls > 0 ? ` after ${calls} calls` : "";
  return `    FAILED: ${name}${after}: ${reason ?? "no reason given"}
      for a trace: ${settings.join(" ")} npm run forge -- test --match-test ${name} -vvv`;
}
