import { rmSync } from "node:fs";
import { join } from "node:path";

import { noneAllowed } from "../bench/figures.ts";
import { FORGE_FOLDER } from "../forge/forge-workspace.ts";
import type { Campaign } from "./fuzz.ts";
import { openFinishedParts } from "./finished-parts.ts";
import type { Slice } from "./slice.ts";
import { runSlices, sliceSeed, slicesOf, type SliceResult } from "./slices.ts";
import { addSuccesses, printSuccesses, readSuccesses, type Successes } from "./successes.ts";

const FOLDER = "test/contracts/invariants";
const MOST_RUNS = 64;

export interface InvariantProfile {
  readonly runs: number;
  readonly depth: number;
  readonly histories: number;
  /** Minimum number of asserted successes of each action. */
  readonly successes: number;
  readonly seed: number;
  /** Whether to skip the parts that an interrupted run finished. */
  readonly resume: boolean;
}

/** Runs random histories with a hostile token over all contracts, each to its end. Requires built Solidity tests. */
export async function invariantCampaign(profile: InvariantProfile): Promise<Campaign> {
  const { runs, depth, histories } = profile;
  const results = await runSlices(
    invariantSlices(profile),
    openFinishedParts("invariants", profile.resume),
    toldSuccesses,
  );
  const [campaign, drained] = [only(results, "invariants"), only(results, "histories")];
  const { fewest, action } = printSuccesses(campaign.successes, drained.successes);
  const failed = campaign.failed + drained.failed;
  return {
    passed: Number(campaign.failed === 0) + Number(drained.failed === 0),
    failed: Number(campaign.failed > 0) + Number(drained.failed > 0),
    figures: [
      {
        what: "invariant campaign: runs x depth, calls",
        figure: `${campaign.runs} x ${depth}, ${campaign.calls}`,
        target: `${runs} x ${depth}`,
        met: campaign.failed === 0 && campaign.runs >= runs && campaign.calls >= runs * depth,
      },
      {
        what: "random histories drained by a stranger, residue 0",
        figure: String(drained.failed === 0 ? drained.runs : 0),
        target: `>= ${histories}`,
        met: drained.failed === 0 && drained.runs >= histories,
      },
      {
        what: `fewest asserted successes of an action (${action})`,
        figure: String(fewest),
        target: `>= ${profile.successes}`,
        met: fewest >= profile.successes,
      },
      noneAllowed("parts that failed", failed),
    ],
  };
}

/** Histories come first, because they fail sooner. */
function invariantSlices({ runs, depth, histories, seed }: InvariantProfile): readonly Slice[] {
  const own = { CW_DEPTH: String(depth), FOUNDRY_INVARIANT_DEPTH: String(depth) };
  const slice = (campaign: string, file: string, some: number, index: number) => ({
    campaign,
    files: `${FOLDER}/${file}`,
    runs: some,
    seed: sliceSeed(seed, index),
    environment: {
      ...own,
      FOUNDRY_FUZZ_RUNS: String(some),
      // Fuzz inputs are seeds of histories, so a dictionary of earlier values is useless.
      FOUNDRY_FUZZ_DICTIONARY_WEIGHT: "0",
      FOUNDRY_INVARIANT_RUNS: String(some),
      CW_SUCCESSES_FILE: successesFile(campaign, index),
    },
  });
  return [
    ...slicesOf(histories, MOST_RUNS).map((some, index) => slice("histories", "Histories.t.sol", some, index)),
    ...slicesOf(runs, MOST_RUNS).map((some, index) => slice("invariants", "Invariants.t.sol", some, index)),
  ];
}

/** Path of the file to which a part writes its successes; deletes one left by an interrupted run. */
function successesFile(campaign: string, index: number): string {
  const file = join(FORGE_FOLDER, `successes-${campaign}-${index}.txt`);
  rmSync(file, { force: true });
  return file;
}

function toldSuccesses({ environment, runs }: Slice): Successes {
  const file = environment["CW_SUCCESSES_FILE"]!;
  const successes = readSuccesses(file, runs);
  rmSync(file, { force: true });
  return successes;
}

interface Sum {
  readonly runs: number;
  readonly calls: number;
  readonly failed: number;
  readonly successes: Successes;
}

/** Sums the parts of one campaign; of failed parts only their number counts. */
function only(results: readonly SliceResult[], campaign: string): Sum {
  const parts = results.filter(({ slice }) => slice.campaign === campaign);
  const good = parts.filter(({ tests }) => tests.length > 0 && tests.every(({ passed }) => passed));
  const tests = good.flatMap((part) => part.tests);
  return {
    runs: tests.reduce((sum, test) => sum + test.runs, 0),
    calls: tests.reduce((sum, test) => sum + test.calls, 0),
    failed: parts.length - good.length,
    successes: addSuccesses(good.map(({ successes }) => successes)),
  };
}
