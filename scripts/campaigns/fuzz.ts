import { forgeTest, type ForgeTest } from "../forge/forge-test.ts";
import { readArtifact } from "../artifacts.ts";
import type { Figure } from "../figures.ts";

/** Every contract that is deployed. */
const CONTRACTS = ["TrainingMarket", "JobRounds", "ScoringPanel", "StakeRegistry", "JobBook", "TrustBook"];
const PREFIX = "testFuzz_";

export interface FuzzProfile {
  readonly runs: number;
  readonly seed: number;
}

/** A campaign's figures and tests; nothing where it cannot run. */
export interface Campaign {
  readonly figures: readonly Figure[];
  readonly tests: readonly ForgeTest[];
}

/** A1: calls every state-changing function with any arguments, `runs` times each. */
export async function fuzzCampaign({ runs, seed }: FuzzProfile): Promise<Campaign | undefined> {
  const environment = { FOUNDRY_FUZZ_RUNS: String(runs), FOUNDRY_FUZZ_SEED: `0x${seed.toString(16)}` };
  const tests = await forgeTest({ files: "test/contracts/fuzz/*", environment });
  if (tests === undefined) return undefined;
  const wanted = stateChanging();
  const missing = wanted.filter((name) => !tests.some((test) => test.name === PREFIX + name));
  const failed = tests.filter(({ passed }) => !passed);
  for (const { name, reason } of failed) console.log(`${name}: ${reason ?? "failed"}`);
  for (const name of missing) console.log(`${name}: no test calls it with any arguments`);
  const fewest = Math.min(...tests.map((test) => test.runs));
  return {
    tests,
    figures: [
      {
        what: "state-changing functions called",
        figure: `${wanted.length - missing.length} of ${wanted.length}`,
        target: "all",
        met: missing.length === 0,
      },
      { what: "runs of each, at least", figure: String(fewest), target: `>= ${runs}`, met: fewest >= runs },
      { what: "tests that failed", figure: String(failed.length), target: "0", met: failed.length === 0 },
    ],
  };
}

/** `Contract_function` for each that is neither view nor pure, from what the compiler wrote. */
function stateChanging(): readonly string[] {
  return CONTRACTS.flatMap((contract) =>
    readArtifact(contract)
      .abi.filter((item) => item.type === "function" && !["view", "pure"].includes(String(item["stateMutability"])))
      .map(({ name }) => `${contract}_${name}`),
  );
}
