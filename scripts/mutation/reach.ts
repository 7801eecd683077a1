import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { ROOT } from "../run-tool.ts";
import { writeArtifacts, type Build } from "./build.ts";
import { NO_MUTANT } from "./question.ts";
import { TestBench } from "./test-bench.ts";
import { workerAnswer, type RanTest } from "./worker-message.ts";

const kept = z.array(workerAnswer.options[1].shape.tests.element);

/**
 * Runs all tests on the build without a mutant, and gives each with the places that it comes by.
 *
 * A kill counts for something because all of them pass here; a run that goes on finds what an earlier one saw.
 *
 * @param digest of all that decides the result
 */
export async function testsWithReach(build: Build, digest: string): Promise<readonly RanTest[]> {
  const path = join(ROOT, `cache/mutation/reach-${digest}.json`);
  if (existsSync(path)) return kept.parse(JSON.parse(readFileSync(path, "utf8")));
  const bench = await TestBench.open(true);
  try {
    writeArtifacts(bench.folder, build, NO_MUTANT);
    const result = await bench.run(bench.tests.map(({ title }) => title));
    if (result.kind !== "passed") throw new Error(`the tests fail without a mutant: ${JSON.stringify(result)}`);
    writeFileSync(path, JSON.stringify(result.tests));
    return result.tests;
  } finally {
    bench.close();
  }
}
