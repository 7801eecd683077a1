// `npm run test:mutation`: plants faults in the contracts, one at a time, and sees whether their tests notice.
//
//     --list                 tells the mutants instead of trying them
//     --only TEXT            those of files with TEXT in their name
//     --from N --to N        those with these numbers, to split a run
//     --sample N --seed N    N of them, evenly from the files
//     --without FILE         leaves a test file out, to see what it alone kills; keeps its results apart
//     --no-solidity          leaves the Solidity tests out
//     --results FILE         where results are kept; a run that was stopped goes on there
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { readExplanations } from "./mutation/explanations.ts";
import { separate } from "./mutation/build.ts";
import { findMutants } from "./mutation/find-mutants.ts";
import { describe, report, type Examined } from "./mutation/report.ts";
import { openResultStore } from "./mutation/result-store.ts";
import { runDigests, runMutants } from "./mutation/run-mutants.ts";
import { selectMutants } from "./mutation/select.ts";
import { mochaFiles, openBench } from "./mutation/test-bench.ts";
import { ROOT } from "./run-tool.ts";
import { projectSources, syntaxTrees } from "./solidity/compiler.ts";

const { values } = parseArgs({
  options: {
    list: { type: "boolean", default: false },
    only: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    without: { type: "string", multiple: true, default: [] },
    "no-solidity": { type: "boolean", default: false },
    results: { type: "string", default: join(ROOT, "cache/mutation/results.jsonl") },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const sources = projectSources();
const trees = syntaxTrees(sources);
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const mutants = selectMutants(findMutants(sources, trees), {
  seed: Number(values.seed),
  sample: number(values.sample),
  only: values.only,
  from: number(values.from),
  to: number(values.to),
});

if (values.list) {
  for (const mutant of mutants) console.log(`${describe(mutant)}${mutant.critical ? " (critical)" : ""}`);
  console.log(`${mutants.length} mutants`);
} else {
  process.exitCode = (await run()) ? 0 : 1;
}

async function run(): Promise<boolean> {
  const partial = values.without.length > 0 || values["no-solidity"];
  const store = openResultStore(partial ? `${values.results}.partial` : values.results);
  const files = mochaFiles().filter((file) => !values.without.some((text) => file.includes(text)));
  const digests = runDigests(
    sources,
    new Map(testTexts().filter(([file]) => !values.without.some((one) => file.includes(one)))),
  );
  const bench = await openBench();
  const close = () => bench.close();
  process.once("exit", close);
  console.log(
    `${mutants.length} mutants against ${files.length} mocha files${values["no-solidity"] ? "" : " and the Solidity tests"}`,
  );
  let done = 0;
  await runMutants({
    mutants: separate(sources, trees, mutants),
    sources,
    testSources: projectSources(true),
    trees,
    files,
    solidity: !values["no-solidity"],
    digests,
    store,
    bench,
    onResult: (mutant, { status, file, test, timeout, seconds }) =>
      console.log(
        `[${++done}] ${timeout ? "time-out" : status} ${describe(mutant)}: ${file ?? ""} ${test ?? ""} ${seconds} s`,
      ),
  });
  const examined = mutants.flatMap((mutant): readonly Examined[] => {
    const result = store.find(mutant.key, Object.values(digests));
    return result === undefined ? [] : [{ mutant, result }];
  });
  const sample = partial || [values.sample, values.only, values.from, values.to].some((one) => one !== undefined);
  return report(examined, readExplanations(join(ROOT, "test/contracts/mutation-survivors.json")), sample);
}

/** All that decides what the tests do. */
function testTexts(): readonly (readonly [string, string])[] {
  const files = globSync(["test/contracts/**/*", "test/helpers/contracts/*", "test/sdk/vectors/*"], { cwd: ROOT });
  return files
    .filter((file) => /\.(ts|sol)$/.test(file))
    .map((file) => [file, readFileSync(join(ROOT, file), "utf8")] as const);
}
