import { writeArtifacts, type Build } from "./build.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantResult, ResultStore } from "./result-store.ts";
import { TestBench } from "./test-bench.ts";
import type { TestOrder } from "./test-order.ts";
import type { RanTest } from "./worker-message.ts";

/** Tests run in parts, the likeliest to fail first: most mutants never see the rest. */
const PARTS = [3, 12, Infinity];

export interface MutationRun {
  readonly mutants: readonly Mutant[];
  readonly build: Build;
  readonly order: TestOrder;
  /** Mutants tried at the same time. */
  readonly jobs: number;
  /** Digest of the contracts, and of contracts and tests. */
  readonly digests: { readonly contracts: string; readonly all: string };
  readonly store: ResultStore;
  onResult(mutant: Mutant, result: MutantResult): void;
}

/** Tries all mutants that the store has no result of. */
export async function runMutants(run: MutationRun): Promise<void> {
  const open = run.mutants.filter(({ key }) => run.store.find(key, Object.values(run.digests)) === undefined);
  const queue = open.values();
  const jobs = Array.from({ length: Math.min(run.jobs, open.length) }, () => work(run, queue));
  await Promise.all(jobs);
}

async function work(run: MutationRun, queue: Iterator<Mutant>): Promise<void> {
  const bench = await TestBench.open(false);
  try {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await tryMutant(run, bench, next.value);
  } finally {
    bench.close();
  }
}

async function tryMutant(run: MutationRun, bench: TestBench, mutant: Mutant): Promise<void> {
  const start = performance.now();
  const outcome = await examine(run, bench, mutant);
  const result: MutantResult = {
    key: mutant.key,
    // A new test may kill what survived.
    digest: outcome.status === "killed" ? run.digests.contracts : run.digests.all,
    ...outcome,
    seconds: Math.round((performance.now() - start) / 100) / 10,
  };
  run.store.add(result);
  run.onResult(mutant, result);
}

async function examine(
  { build, order, store }: MutationRun,
  bench: TestBench,
  mutant: Mutant,
): Promise<Omit<MutantResult, "key" | "digest" | "seconds">> {
  writeArtifacts(bench.folder, build, mutant.number);
  const tests = order.for(mutant, store.killerOf(mutant.key));
  for (const part of partsOf(tests)) {
    const result = await bench.run(part.map(({ title }) => title));
    if (result.kind === "failed") {
      order.learn(mutant, result.title);
      return { status: "killed", file: result.file, test: result.title, error: result.error };
    }
    if (result.kind === "broken") {
      if (result.timeout) return { status: "killed", timeout: true, error: "the tests did not end" };
      return { status: "broken", error: result.output.slice(-300) };
    }
  }
  return { status: "survived", tests: tests.length };
}

function partsOf(tests: readonly RanTest[]): readonly (readonly RanTest[])[] {
  const parts: (readonly RanTest[])[] = [];
  let start = 0;
  for (const size of PARTS) {
    const part = tests.slice(start, start + size);
    if (part.length > 0) parts.push(part);
    start += size;
  }
  return parts;
}
