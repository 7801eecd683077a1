// Runs the Solidity tests' campaigns in the CI profile under forge and tells the runner what came of it. Where there is no
// forge for this platform, Hardhat runs the same tests, fewer times, and what that cannot meet is said.
import hre from "hardhat";
import { z } from "zod";

import { fuzzCampaign } from "./campaigns/fuzz.ts";
import { invariantCampaign } from "./campaigns/invariants.ts";
import { CI } from "./campaigns/profiles.ts";
import { printFigures } from "./figures.ts";
import { forgeProgram } from "./forge/forge-program.ts";
import { endSuite, type SuiteMessage } from "./suite-message.ts";

const SEED = 1;
const testResult = z.object({ status: z.enum(["Success", "Failure", "Skipped"]) });
const suites = z.object({ suiteResults: z.array(z.object({ testResults: z.array(testResult) })) });
/** What Hardhat's task gives: the same whether a test failed or not. */
const outcome = z.discriminatedUnion("success", [
  z.object({ success: z.literal(true), value: suites }),
  z.object({ success: z.literal(false), error: suites }),
]);

endSuite(forgeProgram() === undefined ? await underHardhat() : await underForge());

async function underForge(): Promise<SuiteMessage> {
  const fuzz = await fuzzCampaign({ runs: CI.fuzzRuns, seed: SEED });
  const invariants = await invariantCampaign({ ...CI, runs: CI.invariantRuns, seed: SEED });
  const figures = [...(fuzz?.figures ?? []), ...(invariants?.figures ?? [])];
  const tests = [...(fuzz?.tests ?? []), ...(invariants?.tests ?? [])];
  printFigures(figures);
  const passed = tests.filter((test) => test.passed).length;
  // A figure that is not met fails as a test does, where no test did.
  const unmet = figures.filter(({ met }) => !met).length;
  return { passed, failed: Math.max(tests.length - passed, unmet), skipped: 0 };
}

async function underHardhat(): Promise<SuiteMessage> {
  console.log(`NOT RUN: the campaigns' CI profile; there is no forge for ${process.platform} on ${process.arch}`);
  const run = outcome.parse(await hre.tasks.getTask(["test", "solidity"]).run({}));
  const results = (run.success ? run.value : run.error).suiteResults.flatMap(({ testResults }) => testResults);
  const count = (status: z.infer<typeof testResult>["status"]) => results.filter((one) => one.status === status).length;
  // A run that could not go through names no failed test.
  const failed = run.success ? count("Failure") : Math.max(count("Failure"), 1);
  return { passed: count("Success"), failed, skipped: count("Skipped") + 1 };
}
