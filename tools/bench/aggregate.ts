import { pathToFileURL } from "node:url";

import { aggregate } from "../../trainer/aggregation/aggregate.ts";

const UPDATES = 32;
const PARAMETERS = 1_660_000;
/** Maximum ratio of aggregation time to the time of reading all updates once. */
const TARGET_RATIO = 3;
const REPEATS = 7;

export interface AggregateBenchmark {
  /** Milliseconds to read every value of the updates once, median. */
  readonly readMs: number;
  /** Milliseconds to aggregate them, median; the slower of `fedavg` and `trust`. */
  readonly aggregateMs: number;
  readonly ratio: number;
  readonly passed: boolean;
}

/** Compares the time to aggregate 32 updates of 1.66 million parameters with that of reading them; prints both. */
export function benchAggregate(): AggregateBenchmark {
  const base = pseudoWeights(0);
  const updates = Array.from({ length: UPDATES }, (_, seed) => pseudoWeights(seed + 1));
  const shares = updates.map((_, at) => ({ numerator: BigInt(at + 1), denominator: 528n }));
  const readMs = medianMs(() => readOnce(updates));
  const fedavgMs = medianMs(() => aggregate(base, updates, { kind: "fedavg" }));
  const trustMs = medianMs(() => aggregate(base, updates, { kind: "trust", shares }));
  const aggregateMs = Math.max(fedavgMs, trustMs);
  const ratio = aggregateMs / readMs;
  const passed = ratio <= TARGET_RATIO;
  const size = ((UPDATES * PARAMETERS * 4) / 1e6).toFixed(0);
  console.log(`aggregate ${UPDATES} updates of ${PARAMETERS} parameters (${size} MB)`);
  console.log(`  read once ${readMs.toFixed(1)} ms, fedavg ${fedavgMs.toFixed(1)} ms, trust ${trustMs.toFixed(1)} ms`);
  console.log(`  ratio ${ratio.toFixed(2)}, target <= ${TARGET_RATIO}: ${passed ? "met" : "MISSED"}`);
  return { readMs, aggregateMs, ratio, passed };
}

/** Reads every value as an integer into four accumulators, which avoids a dependency chain. */
function readOnce(updates: readonly Float32Array[]): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (const update of updates) {
    const words = new Int32Array(update.buffer, update.byteOffset, update.length);
    for (let at = 0; at + 4 <= words.length; at += 4) {
      a ^= words[at]!;
      b ^= words[at + 1]!;
      c ^= words[at + 2]!;
      d ^= words[at + 3]!;
    }
  }
  return a ^ b ^ c ^ d;
}

function pseudoWeights(seed: number): Float32Array {
  const weights = new Float32Array(PARAMETERS);
  let state = (seed + 1) * 2_654_435_761;
  for (let at = 0; at < PARAMETERS; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    weights[at] = state / 2 ** 32 - 0.5;
  }
  return weights;
}

function medianMs(work: () => unknown): number {
  work();
  const times = Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[REPEATS >> 1] ?? Number.NaN;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = benchAggregate().passed ? 0 : 1;
}
