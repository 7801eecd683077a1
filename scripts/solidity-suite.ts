// Runs the Solidity tests' campaigns in the CI profile and tells the runner what came of it.
import { fuzzCampaign } from "./campaigns/fuzz.ts";
import { invariantCampaign } from "./campaigns/invariants.ts";
import { CI } from "./campaigns/profiles.ts";
import { printFigures } from "./figures.ts";
import { endSuite, type SuiteMessage } from "./suite-message.ts";

const SEED = 1;

endSuite(await run());

async function run(): Promise<SuiteMessage> {
  const fuzz = await fuzzCampaign({ runs: CI.fuzzRuns, seed: SEED });
  const invariants = await invariantCampaign({ ...CI, runs: CI.invariantRuns, seed: SEED });
  if (fuzz === undefined || invariants === undefined) throw new Error("there is no forge for this platform");
  const figures = [...fuzz.figures, ...invariants.figures];
  const tests = [...fuzz.tests, ...invariants.tests];
  printFigures(figures);
  const passed = tests.filter((test) => test.passed).length;
  // A figure that is not met fails as a test does, where no test did.
  const unmet = figures.filter(({ met }) => !met).length;
  return { passed, failed: Math.max(tests.length - passed, unmet), skipped: 0 };
}
