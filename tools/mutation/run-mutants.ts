import { placeBuild, type Build } from "./build.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantResult, ResultStore } from "./result-store.ts";
import { TestBench } from "./test-bench.ts";
import type { TestOrder } from "./test-order.ts";
import type { RanTest } from "./worker-message.ts";

/** Batch sizes: the tests most likely to fail run first, and most mutants are killed by them. */
const PARTS = [3, 12, 60, Infinity];

export interface MutationRun {
  readonly mutants: readonly Mutant[];
  readonly build: Build;
  readonly order: TestOrder;
  /** Mutants tried at the same time. */
  readonly jobs: number;
  /** Digest of everything that determines a test file's result. */
  readonly digestOf: (file: string) => string;
  readonly store: ResultStore;
  onResult(mutant: Mutant, result: MutantResult): void;
}

interface Trial {
  readonly mutant: Mutant;
  /** Test that killed the mutant in an earlier run. */
  readonly killer: string | undefined;
  /** Tests still to run. */
  readonly left: readonly RanTest[];
  readonly passed: readonly RanTest[];
  readonly seconds: number;
}

/** A test bench and the function that activates a mutant in it. */
interface Place {
  readonly bench: TestBench;
  readonly live: (number: number) => void;
}

/**
 * Tries all mutants without a stored result for the present contracts and tests: first against the tests most likely to
 * kill each, then the undecided ones against the others.
 */
export async function runMutants(run: MutationRun): Promise<void> {
  let open = run.mutants.flatMap((mutant) => trialOf(run, mutant));
  if (open.length === 0) return;
  const places = await Promise.all(Array.from({ length: run.jobs }, () => openPlace(run.build)));
  try {
    for (const size of PARTS) {
      const undecided: Trial[] = [];
      await inParallel(places, open, async (place, trial) => {
        const next = await examine(run, place, trial, size);
        if (next !== undefined) undecided.push(next);
      });
      open = undecided;
    }
  } finally {
    for (const { bench } of places) bench.close();
  }
}

/** The trial of a mutant; empty if its stored result is still valid. */
function trialOf({ store, order, digestOf }: MutationRun, mutant: Mutant): readonly Trial[] {
  const known = store.last(mutant.key);
  const isDecided = known?.status === "killed" || known?.status === "broken";
  if (isDecided && known.digest === digestOf(known.file ?? "")) return [];
  const tests = order.for(mutant);
  const isPassed = ({ file, title }: RanTest) => known?.passed?.[title] === digestOf(file);
  const left = tests.filter((test) => !isPassed(test));
  if (known?.status === "survived" && left.length === 0) return [];
  return [{ mutant, killer: known?.test, left, passed: tests.filter(isPassed), seconds: 0 }];
}

/** Runs the next tests against a mutant; returns the remaining trial, or `undefined` once the mutant is decided. */
async function examine(run: MutationRun, place: Place, trial: Trial, size: number): Promise<Trial | undefined> {
  const begin = performance.now();
  const { mutant, left } = trial;
  const tests = run.order.sorted(mutant, left, trial.killer).slice(0, size);
  place.live(mutant.number);
  const result = tests.length === 0 ? undefined : await place.bench.run(tests.map(({ title }) => title));
  const seconds = trial.seconds + (performance.now() - begin) / 1000;
  const keep = (outcome: Omit<MutantResult, "key" | "seconds">) => {
    const kept = { key: mutant.key, ...outcome, seconds: Math.round(seconds * 10) / 10 };
    run.store.add(kept);
    run.onResult(mutant, kept);
  };
  switch (result?.kind) {
    case "failed": {
      const { file, title, error } = result;
      run.order.learn(mutant, title);
      keep({ status: "killed", file, test: title, error, digest: run.digestOf(file) });
      return undefined;
    }
    case "broken":
      if (result.timeout)
        keep({ status: "killed", timeout: true, digest: run.digestOf(""), error: "the tests did not end" });
      else keep({ status: "broken", digest: run.digestOf(""), error: result.output.slice(-300) });
      return undefined;
    case "passed":
    case undefined: {
      const passed = [...trial.passed, ...tests];
      const next = { ...trial, passed, left: left.filter((test) => !tests.includes(test)), seconds };
      if (next.left.length > 0) return next;
      const survived = Object.fromEntries(passed.map(({ title, file }) => [title, run.digestOf(file)]));
      keep({ status: "survived", passed: survived, digest: run.digestOf("") });
      return undefined;
    }
  }
}

async function openPlace(build: Build): Promise<Place> {
  const bench = await TestBench.open(false);
  return { bench, live: placeBuild(bench.folder, build) };
}

async function inParallel<P, T>(
  places: readonly P[],
  items: readonly T[],
  each: (place: P, item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const work = async (place: P) => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await each(place, next.value);
  };
  await Promise.all(places.map(work));
}
