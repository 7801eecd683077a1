import { readdirSync } from "node:fs";
import { join } from "node:path";

import { readArtifact } from "../../trainer/local-chain/artifacts.ts";
import { noneAllowed, type Figure } from "../bench/figures.ts";
import type { ForgeTest } from "../forge/forge-test.ts";
import { ROOT } from "../programs/run-tool.ts";
import { openFinishedParts } from "./finished-parts.ts";
import type { Slice } from "./slice.ts";
import { runSlices, sliceSeed, slicesOf } from "./slices.ts";

/** Every contract that is deployed. */
const CONTRACTS = [
  "TrainingMarket",
  "JobLifecycle",
  "TrainingRounds",
  "Committees",
  "ScoringPanel",
  "StakeRegistry",
  "JobBook",
  "TrustBook",
];
const FOLDER = "test/contracts/fuzz";
const PREFIX = "testFuzz_";
const MOST_RUNS = 1_000;

export interface FuzzProfile {
  readonly runs: number;
  readonly seed: number;
  /** Whether to skip the parts that an interrupted run finished. */
  readonly resume: boolean;
}

/** A campaign's figures, and the numbers of passed and failed tests. */
export interface Campaign {
  readonly figures: readonly Figure[];
  readonly passed: number;
  readonly failed: number;
}

/** Calls every state-changing function `runs` times with random arguments. Requires built Solidity tests. */
export async function fuzzCampaign({ runs, seed, resume }: FuzzProfile): Promise<Campaign> {
  const results = await runSlices(fuzzSlices(runs, seed), openFinishedParts("fuzz", resume), () => []);
  const tests = byName(results.flatMap((result) => result.tests));
  const wanted = stateChanging();
  const missing = wanted.filter((name) => !tests.has(PREFIX + name));
  for (const name of missing) console.log(`${name}: no fuzz test calls it`);
  const failed = [...tests.values()].filter(({ passed }) => !passed).length;
  const fewest = Math.min(...[...tests.values()].map((test) => test.runs));
  const called = `${wanted.length - missing.length} of ${wanted.length}`;
  return {
    passed: tests.size - failed,
    failed,
    figures: [
      { what: "state-changing functions called", figure: called, target: "all", met: missing.length === 0 },
      { what: "runs of each, at least", figure: String(fewest), target: `>= ${runs}`, met: fewest >= runs },
      noneAllowed("fuzz tests that failed", failed),
    ],
  };
}

/** One part is a number of runs of each test of one file, because a file's tests share their setup. */
function fuzzSlices(runs: number, seed: number): readonly Slice[] {
  const files = readdirSync(join(ROOT, FOLDER)).filter((file) => file.endsWith(".t.sol"));
  return slicesOf(runs, MOST_RUNS).flatMap((some, index) =>
    files.map((file) => ({
      campaign: file.replace(/\.t\.sol$/, ""),
      files: `${FOLDER}/${file}`,
      runs: some,
      seed: sliceSeed(seed, index),
      environment: { FOUNDRY_FUZZ_RUNS: String(some) },
    })),
  );
}

/** Adds up the runs of each test over all parts. */
function byName(parts: readonly ForgeTest[]): ReadonlyMap<string, ForgeTest> {
  const tests = new Map<string, ForgeTest>();
  for (const part of parts) {
    const one = tests.get(part.name);
    const sum = { ...part, runs: part.runs + (one?.runs ?? 0), passed: part.passed && one?.passed !== false };
    tests.set(part.name, sum);
  }
  return tests;
}

/** `Contract_function` for each function that is neither view nor pure, from the artifacts. */
function stateChanging(): readonly string[] {
  return CONTRACTS.flatMap((contract) =>
    readArtifact(contract)
      .abi.filter((item) => item.type === "function" && !["view", "pure"].includes(String(item["stateMutability"])))
      .map(({ name }) => `${contract}_${name}`),
  );
}
