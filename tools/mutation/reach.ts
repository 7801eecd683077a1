import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { ROOT } from "../programs/run-tool.ts";
import { placeBuild, type Build } from "./build.ts";
import { NO_MUTANT } from "./question.ts";
import { TestBench } from "./test-bench.ts";
import { ranTest, type RanTest } from "./worker-message.ts";

const kept = z.array(ranTest);

/**
 * Runs the tests on the build without an active mutant, file by file; returns each test with the sites that it reaches.
 *
 * All tests must pass here, so that a later failure is due to a mutant. Results are cached for resumed runs.
 *
 * @param digestOf digest of everything that determines a test file's result
 */
export async function testsWithReach(build: Build, digestOf: (file: string) => string): Promise<readonly RanTest[]> {
  const bench = await TestBench.open(true);
  try {
    placeBuild(bench.folder, build)(NO_MUTANT);
    const seen: RanTest[] = [];
    for (const [file, own] of Map.groupBy(bench.tests, (test) => test.file)) {
      const path = join(ROOT, "cache/mutation/reach", `${digestOf(file)}.json`);
      if (existsSync(path)) {
        seen.push(...kept.parse(JSON.parse(readFileSync(path, "utf8"))));
        continue;
      }
      const result = await bench.run(own.map(({ title }) => title));
      if (result.kind !== "passed") throw new Error(`${file} fails without a mutant: ${JSON.stringify(result)}`);
      const ran = result.tests.filter((test) => test.file === file);
      console.log(`${file}: ${ran.length} tests pass without a mutant`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(ran));
      seen.push(...ran);
    }
    return seen;
  } finally {
    bench.close();
  }
}
