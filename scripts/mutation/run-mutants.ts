import { writeArtifacts, type Build } from "./build.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantResult, ResultStore } from "./result-store.ts";
import { TestBench } from "./test-bench.ts";
import type { TestOrder } from "./test-order.ts";
import type { RanTest } from "./worker-message.ts";

/** Tests run in parts, the likeliest to fail first: most mutants never see the rest. */
const PARTS = [3, 12];

/** A mutant that its likeliest tests did not notice, and the other tests. */
interface Undecided {
  readonly mutant: Mutant;
  readonly left: readonly RanTest[];
  readonly seconds: number;
}

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

/** Tries all mutants that the store has no result of: each against its likeliest tests, and then the rest of them against all. */
export async function runMutants(run: MutationRun): Promise<void> {
  const open = run.mutants.filter(({ key }) => run.store.find(key, Object.values(run.digests)) === undefined);
  const undecided: Undecided[] = [];
  await inParallel(run, open, async (bench, mutant) => {
    const tests = run.order.for(mutant, run.store.killerOf(mutant.key));
    let start = 0;
    const begin = performance.now();
    for (const size of PARTS) {
      const outcome = await examine(run, bench, mutant, tests.slice(start, start + size));
      if (outcome !== undefined) return keep(run, mutant, outcome, secondsSince(begin));
      start += size;
    }
    undecided.push({ mutant, left: tests.slice(start), seconds: secondsSince(begin) });
  });
  await inParallel(run, undecided, async (bench, { mutant, left, seconds }) => {
    const begin = performance.now();
    const tests = run.order.for(mutant, undefined).length;
    const outcome = (await examine(run, bench, mutant, left)) ?? { status: "survived" as const, tests };
    keep(run, mutant, outcome, seconds + secondsSince(begin));
  });
}

async function inParallel<T>(
  run: MutationRun,
  items: readonly T[],
  each: (bench: TestBench, item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const work = async () => {
    const bench = await TestBench.open(false);
    try {
      for (let next = queue.next(); next.done !== true; next = queue.next()) await each(bench, next.value);
    } finally {
      bench.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.jobs, items.length) }, work));
}

type Outcome = Omit<MutantResult, "key" | "digest" | "seconds">;

/** Runs tests against a mutant; nothing where they all pass. */
async function examine(
  { build, order }: MutationRun,
  bench: TestBench,
  mutant: Mutant,
  tests: readonly RanTest[],
): Promise<Outcome | undefined> {
  if (tests.length === 0) return undefined;
  writeArtifacts(bench.folder, build, mutant.number);
  const result = await bench.run(tests.map(({ title }) => title));
  switch (result.kind) {
    case "passed":
      return undefined;
    case "failed":
      order.learn(mutant, result.title);
      return { status: "killed", file: result.file, test: result.title, error: result.error };
    case "broken":
      if (result.timeout) return { status: "killed", timeout: true, error: "the tests did not end" };
      return { status: "broken", error: result.output.slice(-300) };
  }
}

function keep(run: MutationRun, mutant: Mutant, outcome: Outcome, seconds: number): void {
  // A new test may kill what survived.
  const digest = outcome.status === "killed" ? run.digests.contracts : run.digests.all;
  const result = { key: mutant.key, digest, ...outcome, seconds: Math.round(seconds * 10) / 10 };
  run.store.add(result);
  run.onResult(mutant, result);
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
