// Runs the fuzz and invariant campaigns in the short profile and sends their counts to the runner.
import { printFigures } from "../bench/figures.ts";
import { fuzzCampaign } from "../campaigns/fuzz.ts";
import { invariantCampaign } from "../campaigns/invariants.ts";
import { SHORT } from "../campaigns/profiles.ts";
import { buildForgeTests } from "../forge/forge-build.ts";
import { endSuite, type SuiteMessage } from "./suite-message.ts";

const SEED = 1;

endSuite(await run());

async function run(): Promise<SuiteMessage> {
  await buildForgeTests();
  const fuzz = await fuzzCampaign({ runs: SHORT.fuzzRuns, seed: SEED, resume: false });
  const invariants = await invariantCampaign({ ...SHORT, runs: SHORT.invariantRuns, seed: SEED, resume: false });
  const figures = [...fuzz.figures, ...invariants.figures];
  printFigures(figures);
  const failed = fuzz.failed + invariants.failed;
  // An unmet target counts as a failure even if every test passed.
  const unmet = figures.filter(({ met }) => !met).length;
  return { passed: fuzz.passed + invariants.passed, failed: Math.max(failed, unmet), skipped: 0 };
}
