import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { forgeTest } from "../forge/forge-test.ts";
import { ROOT } from "../run-tool.ts";
import type { Campaign } from "./fuzz.ts";

export interface InvariantProfile {
  readonly runs: number;
  readonly depth: number;
  readonly histories: number;
  /** Least successes of each action. */
  readonly successes: number;
  readonly seed: number;
}

/** A2 and A5: random users over the whole of the contracts, each history brought to its end. */
export async function invariantCampaign(profile: InvariantProfile): Promise<Campaign | undefined> {
  const { runs, depth, histories, seed } = profile;
  const tally = join(ROOT, "cache/forge/successes.txt");
  rmSync(tally, { force: true });
  const tests = await forgeTest({
    files: "test/contracts/invariants/*",
    environment: {
      FOUNDRY_INVARIANT_RUNS: String(runs),
      FOUNDRY_INVARIANT_DEPTH: String(depth),
      FOUNDRY_FUZZ_RUNS: String(histories),
      FOUNDRY_FUZZ_SEED: `0x${seed.toString(16)}`,
      CW_DEPTH: String(depth),
      CW_SUCCESSES_FILE: tally,
    },
  });
  if (tests === undefined) return undefined;
  const failed = tests.filter(({ passed }) => !passed);
  for (const { name, reason } of failed) console.log(`${name}: ${reason ?? "failed"}`);
  const campaign = tests.find(({ name }) => name === "invariant_booksBalance");
  const drained = tests.find(({ name }) => name === "testFuzz_historyDrains");
  const { fewest, action } = fewestSuccesses(tally);
  const calls = campaign?.calls ?? 0;
  return {
    tests,
    figures: [
      {
        what: "invariant campaign: runs x depth, calls",
        figure: `${campaign?.runs ?? 0} x ${depth}, ${calls}`,
        target: `${runs} x ${depth}`,
        met: campaign?.passed === true && campaign.runs >= runs && calls >= runs * depth,
      },
      {
        what: `fewest asserted successes of an action (${action})`,
        figure: String(fewest),
        target: `>= ${profile.successes}`,
        met: fewest >= profile.successes,
      },
      {
        what: "random histories drained by a stranger, residue 0",
        figure: drained?.passed === true ? String(drained.runs) : "0",
        target: `>= ${histories}`,
        met: drained?.passed === true && drained.runs >= histories,
      },
      { what: "tests that failed", figure: String(failed.length), target: "0", met: failed.length === 0 },
    ],
  };
}

/** Sums the lines that the runs wrote: a name and a number for each action, `Post 3 Join 7 ...`. */
function fewestSuccesses(path: string): { readonly fewest: number; readonly action: string } {
  const sums = new Map<string, number>();
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  for (const [, action, count] of text.matchAll(/(\d+):(\d+)/g)) {
    sums.set(action!, (sums.get(action!) ?? 0) + Number(count));
  }
  const [least] = [...sums].toSorted(([, a], [, b]) => a - b);
  return least === undefined
    ? { fewest: 0, action: "none" }
    : { fewest: least[1], action: actionName(Number(least[0])) };
}

/** The name that the handlers' source gives an action. */
function actionName(index: number): string {
  const source = readFileSync(join(ROOT, "test/contracts/invariants/Ghosts.sol"), "utf8");
  const names = /enum Action \{([^}]*)\}/.exec(source)?.[1]?.split(",") ?? [];
  return names[index]?.trim() ?? String(index);
}
