// `npm run test:mutation`: plants faults in the contracts, one at a time, and sees whether their mocha suites notice. Tried are
// all that touch money, access or phases, and a sample of the others, the same for the same seed.
//
//     --all                  every mutant: some hours
//     --sample N --seed N    how many of the others (400), and which
//     --only TEXT            those of files with TEXT in their name
//     --tests TEXT           against the test files with TEXT in their name alone
//     --jobs N               how many at the same time (2)
//     --list                 tells the mutants instead of trying them
//     --results FILE         where results are kept; a run that was stopped goes on there
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildable, buildWith } from "./mutation/build.ts";
import { readExplanations } from "./mutation/explanations.ts";
import { findMutants } from "./mutation/find-mutants.ts";
import { metaSources } from "./mutation/meta-source.ts";
import { testsWithReach } from "./mutation/reach.ts";
import { describe, report, type Examined } from "./mutation/report.ts";
import { openResultStore } from "./mutation/result-store.ts";
import { runMutants } from "./mutation/run-mutants.ts";
import { selectMutants } from "./mutation/select.ts";
import { TestOrder } from "./mutation/test-order.ts";
import { ROOT } from "./run-tool.ts";
import { digestOf, projectSources, syntaxTrees, type Sources } from "./solidity/compiler.ts";
import { wholeNumber } from "./whole-number.ts";

const SURVIVORS = "test/contracts/mutation-survivors.json";

const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    sample: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    tests: { type: "string", default: "" },
    jobs: { type: "string", default: "2" },
    list: { type: "boolean", default: false },
    results: { type: "string", default: join(ROOT, "cache/mutation/results.jsonl") },
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
const mutants = selectMutants(all, { seed, sample: values.all ? undefined : sample, only: values.only });

if (values.list) {
  for (const mutant of mutants) console.log(`${describe(mutant)}${mutant.critical ? " (critical)" : ""}`);
  console.log(`${mutants.length} mutants of ${all.length}`);
} else {
  process.exitCode = (await run()) ? 0 : 1;
}

async function run(): Promise<boolean> {
  const left = found.length - all.length;
  console.log(
    `${mutants.length} mutants of ${all.length}; ${left} more fit in no build beside others and are left out`,
  );
  const store = openResultStore(values.tests === "" ? values.results : `${values.results}.${values.tests}`);
  const digests = { contracts: digestOf(sources), all: digestOf(new Map([...sources, ...testTexts()])) };
  const build = buildWith(sources, trees, all);
  const meta = metaSources(sources, trees, all);
  const tests = await testsWithReach(build, digestOf(new Map([...meta.sources, ...testTexts()])), values.tests);
  console.log(`${tests.length} tests pass without a mutant`);
  const askedAs = new Map(
    meta.places.flatMap((place) => place.mutants.map((one) => [one.number, place.mutants[0]!.number])),
  );
  let done = 0;
  await runMutants({
    mutants,
    build,
    order: new TestOrder(tests, askedAs),
    jobs,
    digests,
    store,
    onResult: (mutant, { status, test, timeout, seconds, tests: tried }) =>
      console.log(
        `[${++done}] ${timeout ? "time-out" : status} ${describe(mutant)}: ${test ?? `${tried} tests`} ${seconds} s`,
      ),
  });
  const examined = mutants.flatMap((mutant): readonly Examined[] => {
    const result = store.find(mutant.key, Object.values(digests));
    return result === undefined ? [] : [{ mutant, result }];
  });
  const keys = new Set(all.map(({ key }) => key));
  return report(examined, {
    explanations: readExplanations(join(ROOT, SURVIVORS)),
    keys,
    part: values.only !== undefined || values.tests !== "",
  });
}

/** All that decides what the tests do. */
function testTexts(): Sources {
  const files = globSync(["test/contracts/**/*.ts", "test/helpers/contracts/*", "test/sdk/vectors/*"], { cwd: ROOT });
  return new Map(files.toSorted().map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
}
