import { digestOf, type Sources } from "../solidity/compiler.ts";
import type { SyntaxNode } from "../solidity/syntax-tree.ts";
import { NO_MUTANT, quickBuild, releasedCode, writeArtifacts, type Build } from "./build.ts";
import { metaSources, mutatedSource } from "./meta-source.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantResult, ResultStore } from "./result-store.ts";
import { SuiteOrder } from "./suite-order.ts";
import type { BenchResult, TestBench } from "./test-bench.ts";

/** Mutants that share a build: more make contracts that take long to deploy, fewer more builds. */
const BATCH = 100;
/** Name of the suite of all Solidity tests. */
export const SOLIDITY = "test/contracts/**/*.t.sol";

export interface MutationRun {
  readonly mutants: readonly Mutant[];
  /** Contracts, and their Solidity tests. */
  readonly sources: Sources;
  readonly testSources: Sources;
  readonly trees: ReadonlyMap<string, SyntaxNode>;
  /** Mocha files, the fastest first. */
  readonly files: readonly string[];
  /** Whether mutants that mocha does not kill are put before the Solidity tests. */
  readonly solidity: boolean;
  /** Digest of the contracts, and of contracts and tests. */
  readonly digests: { readonly contracts: string; readonly all: string };
  readonly store: ResultStore;
  readonly bench: TestBench;
  onResult(mutant: Mutant, result: MutantResult): void;
}

/** Tries all mutants that the store has no result of. */
export async function runMutants(run: MutationRun): Promise<void> {
  const open = run.mutants.filter(({ key }) => run.store.find(key, Object.values(run.digests)) === undefined);
  const order = new SuiteOrder(run.files);
  const together = open.filter(({ form }) => form !== "alone");
  for (let start = 0; start < together.length; start += BATCH) {
    const batch = together.slice(start, start + BATCH);
    const meta = (sources: Sources) => metaSources(sources, run.trees, batch).sources;
    const batchRun = new BatchRun(run, order, (sources) => quickBuild(meta(sources)));
    for (const mutant of batch) await batchRun.try(mutant, mutant.number);
  }
  for (const mutant of open.filter(({ form }) => form === "alone")) {
    const build = (sources: Sources) => quickBuild(withMutant(run, sources, mutant));
    await new BatchRun(run, order, build).try(mutant, NO_MUTANT);
  }
}

/** Mutants of one build. */
class BatchRun {
  readonly #run: MutationRun;
  readonly #order: SuiteOrder;
  readonly #make: (sources: Sources) => Build | undefined;
  readonly #builds = new Map<Sources, Build | undefined>();
  /** Suites that pass on this build without a mutant. */
  readonly #sound = new Set<string>();

  constructor(run: MutationRun, order: SuiteOrder, make: (sources: Sources) => Build | undefined) {
    this.#run = run;
    this.#order = order;
    this.#make = make;
  }

  async try(mutant: Mutant, number: number): Promise<void> {
    const start = performance.now();
    const outcome = await this.#examine(mutant, number);
    const survived = outcome.status === "survived" || outcome.status === "broken";
    const { all, contracts } = this.#run.digests;
    const result: MutantResult = {
      key: mutant.key,
      digest: survived ? all : contracts,
      ...outcome,
      seconds: Math.round((performance.now() - start) / 100) / 10,
    };
    this.#run.store.add(result);
    this.#run.onResult(mutant, result);
  }

  async #examine(mutant: Mutant, number: number): Promise<Omit<MutantResult, "key" | "digest" | "seconds">> {
    const { bench, sources, testSources } = this.#run;
    const build = this.#build(sources);
    if (build === undefined) return { status: "invalid" };
    const files = this.#order.for(mutant);
    const tested = await this.#test(build, mutant, number, (only) => bench.runMocha(only ?? files));
    if (tested.status !== "survived") return tested;

    // Before the slow tests: what has the same code as the contracts can fail none.
    const released = releasedCode(sources);
    if (releasedCode(withMutant(this.#run, sources, mutant)) === released) return { status: "same-bytecode" };
    if (!this.#run.solidity) return tested;
    const whole = this.#build(testSources);
    if (whole === undefined) return { status: "broken", error: "the Solidity tests do not compile with it" };
    return this.#test(whole, mutant, number, () => bench.runSolidity());
  }

  async #test(
    build: Build,
    mutant: Mutant,
    number: number,
    test: (only?: readonly string[]) => Promise<BenchResult>,
  ): Promise<Omit<MutantResult, "key" | "digest" | "seconds">> {
    const { bench } = this.#run;
    writeArtifacts(bench.folder, build, number);
    const result = await test();
    if (result.failed === false) return { status: "survived" };
    if (result.failed === "broken") {
      if (result.timeout) return { status: "killed", timeout: true, error: "the tests did not end" };
      return { status: "broken", error: result.output.slice(-300) };
    }
    // A kill counts where the same suite passes on the same build without a mutant.
    if (mutant.form !== "alone" && !this.#sound.has(result.file)) {
      writeArtifacts(bench.folder, build, NO_MUTANT);
      const without = await test([result.file]);
      if (without.failed !== false)
        throw new Error(`${result.file} fails without a mutant: ${JSON.stringify(without)}`);
      this.#sound.add(result.file);
    }
    this.#order.learn(mutant, result.file);
    const { file, test: name, timeout, error } = result;
    return { status: "killed", file, test: name, error, ...(timeout ? { timeout } : {}) };
  }

  #build(sources: Sources): Build | undefined {
    if (!this.#builds.has(sources)) this.#builds.set(sources, this.#make(sources));
    return this.#builds.get(sources);
  }
}

function withMutant({ trees, sources }: MutationRun, base: Sources, mutant: Mutant): Sources {
  const text = mutatedSource(sources.get(mutant.file)!, mutant, trees.get(mutant.file)!);
  return new Map([...base, [mutant.file, text]]);
}

/** Digests that tell whether a result still holds. */
export function runDigests(sources: Sources, tests: Sources): MutationRun["digests"] {
  return { contracts: digestOf(sources), all: digestOf(new Map([...sources, ...tests])) };
}
