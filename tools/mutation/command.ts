// `npm run test:mutation`: plants faults in the contracts, one at a time, and checks that their mocha suites fail.
// Tries a sample over all functions, determined by the seed; three quarters of it touch money, access or phases.
//
//     --all                  every mutant; takes hours
//     --majorities           every mutant of the code that counts majorities and keeps the clock; takes hours
//     --sample N --seed N    size (default 400; below 300 the target is N mutants tried) and seed of the sample
//     --only TEXT            only mutants of files with TEXT in their path; may be given several times
//     --jobs N               mutants tried in parallel (default 2)
//     --list                 prints the mutants without trying them
//     --results FILE         file with the results; a run that was stopped resumes from it (--majorities keeps them in
//                            test/contracts/mutation-majorities.jsonl)
//     --record               saves the figures for docs/evidence.md
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildable, buildWith } from "./build.ts";
import { readExplanations } from "./explanations.ts";
import { findMutants } from "./find-mutants.ts";
import { metaSources } from "./meta-source.ts";
import type { Mutant } from "./mutant.ts";
import { testsWithReach } from "./reach.ts";
import { describe, report, type Examined } from "./report.ts";
import { openResultStore } from "./result-store.ts";
import { runMutants } from "./run-mutants.ts";
import { selectMutants } from "./select.ts";
import { TestOrder } from "./test-order.ts";
import type { Figure } from "../bench/figures.ts";
import { finishGate, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { ROOT } from "../programs/run-tool.ts";
import { digestOf, projectSources, syntaxTrees, type Sources } from "../solidity/compiler.ts";
import { wholeNumber } from "../programs/whole-number.ts";

/** Code that determines the outcome of a test, besides the contracts. */
const TEST_CODE = [
  "test/contracts/**/*.ts",
  "test/helpers/contracts/*",
  "test/sdk/vectors/*",
  "experiments/lab/driver/*",
];
/** A smaller sample does not count for the gate. */
const FULL_SAMPLE = 300;
/** Texts in the paths of the files that count majorities and keep the clock. */
const MAJORITIES = [
  ...["ScoringPanel.sol", "contracts/Attempts", "TrainingRounds.sol", "RoundRecords"],
  ...["Attendance", "Phases", "Consensus"],
];
const RESULTS = "cache/mutation/results.jsonl";
/** Kept with the sources, because all of these mutants take hours. */
const MAJORITIES_RESULTS = "test/contracts/mutation-majorities.jsonl";
const SURVIVORS = "test/contracts/mutation-survivors.json";

const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    majorities: { type: "boolean", default: false },
    sample: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    only: { type: "string", multiple: true },
    jobs: { type: "string", default: "2" },
    list: { type: "boolean", default: false },
    results: { type: "string" },
    record: RECORD_OPTION,
  },
});
const sample = wholeNumber("--sample", values.sample, 0, 100_000);
const seed = wholeNumber("--seed", values.seed, 0, 2 ** 32);
const jobs = wholeNumber("--jobs", values.jobs, 1, 64);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const sources = projectSources();
const trees = syntaxTrees(sources);
const found = findMutants(sources, trees);
const all = buildable(sources, trees, found);
const only = values.majorities ? MAJORITIES : values.only;
const whole = values.all || values.majorities;
const mutants = selectMutants(all, { seed, sample: whole ? undefined : sample, only });

if (values.list) {
  for (const mutant of mutants) console.log(`${describe(mutant)}${mutant.critical ? " (critical)" : ""}`);
  console.log(`${mutants.length} mutants of ${all.length}`);
} else {
  finishGate({ gate: gate(), figures: await run(), record: values.record });
}

/** A smaller sample, or a subset of files by `--only`, does not count for a gate. */
function gate(): string | undefined {
  if (values.majorities) return "mutation-majorities";
  return values.only === undefined && (values.all || (sample >= FULL_SAMPLE && seed === 1)) ? "mutation" : undefined;
}

async function run(): Promise<readonly Figure[]> {
  const [tried, left] = [tally(mutants), tally(found.filter((mutant) => !all.includes(mutant)))];
  console.log(`${tried} of ${tally(all)}; ${left} more do not compile with the others and are left out`);
  const store = openResultStore(values.results ?? join(ROOT, values.majorities ? MAJORITIES_RESULTS : RESULTS));
  const build = buildWith(sources, trees, all);
  const meta = metaSources(sources, trees, all);
  const digests = fileDigests(meta.sources);
  const tests = await testsWithReach(build, digests);
  console.log(`${tests.length} tests pass without a mutant`);
  const askedAs = new Map(
    meta.places.flatMap((place) => place.mutants.map((one) => [one.number, place.mutants[0]!.number])),
  );
  let done = 0;
  await runMutants({
    mutants,
    build,
    order: new TestOrder(tests, askedAs, { contracts: sources, tests: testTexts() }),
    jobs,
    digestOf: digests,
    store,
    onResult: (mutant, { status, test, timeout, seconds, passed = {} }) => {
      const by = test ?? `${Object.keys(passed).length} tests`;
      console.log(`[${++done}] ${timeout ? "time-out" : status} ${describe(mutant)}: ${by} ${seconds} s`);
    },
  });
  const examined = mutants.flatMap((mutant): readonly Examined[] => {
    const result = store.last(mutant.key);
    return result === undefined ? [] : [{ mutant, result }];
  });
  const keys = new Set(all.map(({ key }) => key));
  return report(examined, {
    explanations: readExplanations(join(ROOT, SURVIVORS)),
    keys,
    part: !values.majorities && values.only !== undefined,
    ...(!whole && sample < FULL_SAMPLE && { fewest: sample }),
  });
}

function tally(some: readonly Mutant[]): string {
  return `${some.length} mutants (${some.filter(({ critical }) => critical).length} critical)`;
}

function testTexts(): Sources {
  const files = globSync(TEST_CODE, { cwd: ROOT }).filter((file) => file.endsWith(".test.ts"));
  return new Map(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}

/** Returns a function for a test file's digest, over its text, the code shared by all tests, and the contracts. */
function fileDigests(contracts: Sources): (file: string) => string {
  const files = globSync(TEST_CODE, { cwd: ROOT });
  const texts = files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")] as const);
  const isTest = (file: string) => file.endsWith(".test.ts");
  const shared = digestOf(new Map([...contracts, ...texts.filter(([file]) => !isTest(file))]));
  const own = new Map(texts.map(([file, text]) => [file, digestOf(new Map([[shared, text]]))]));
  return (file) => own.get(file) ?? shared;
}
