// Runs the Solidity tests' campaigns in the CI profile and tells the runner what came of it.
import { fuzzCampaign } from "../campaigns/fuzz.ts";
import { invariantCampaign } from "../campaigns/invariants.ts";
import { CI } from "../campaigns/profiles.ts";
import { printFigures } from "../bench/figures.ts";
import { endSuite, type SuiteMessage } from "./suite-message.ts";

const SEED = 1;

endSuite(await run());

async function run(): Promise<SuiteMessage> {
  const fuzz = await fuzzCampaign({ runs: CI.fuzzRuns, seed: SEED, resume: false });
  const invariants = await invariantCampaign({ ...CI, runs: CI.invariantRuns, seed: SEED, resume: false });
  const figures = [...fuzz.figures, ...invariants.figures];
  printFigures(figures);
  const failed = fuzz.failed + invariants.failed;
  // A figure that is not met fails as a test does, where no test did.
  const unmet = figures.filter(({ met }) => !met).length;
  return { passed: fuzz.passed + invariants.passed, failed: Math.max(failed, unmet), skipped: 0 };
}
