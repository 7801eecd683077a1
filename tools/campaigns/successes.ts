import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import Table from "cli-table3";

import { ROOT } from "../programs/run-tool.ts";

/** Asserted successes by action, in the order of the enum in Action.sol. */
export type Successes = readonly number[];

/**
 * Sums the successes of histories: one line per history, `0:5 1:16 ...`, pairs of action number and successes.
 *
 * @param histories number of lines to read; forge may append a replay of the last history
 */
export function readSuccesses(path: string, histories: number): Successes {
  const sums = actionNames().map(() => 0);
  // A part that fails at once writes no file.
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  for (const line of lines.filter((text) => text !== "").slice(0, histories)) {
    for (const [, action, count] of line.matchAll(/(\d+):(\d+)/g)) sums[Number(action)]! += Number(count);
  }
  return sums;
}

export function addSuccesses(all: readonly Successes[]): Successes {
  return actionNames().map((_, action) => all.reduce((sum, one) => sum + (one[action] ?? 0), 0));
}

/** Prints every action's successes; returns the action with the fewest. */
export function printSuccesses(
  invariants: Successes,
  histories: Successes,
): { readonly action: string; readonly fewest: number } {
  const names = actionNames();
  const rows = names.map((action, i) => ({ action, own: invariants[i] ?? 0, others: histories[i] ?? 0 }));
  const head = ["asserted successes", "invariants", "histories", "sum"];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { action, own, others } of rows) table.push([action, own, others, own + others]);
  console.log(table.toString());
  const [least] = rows.map(({ action, own, others }) => ({ action, fewest: own + others })).toSorted(byFewest);
  return least ?? { action: "none", fewest: 0 };
}

function byFewest(a: { readonly fewest: number }, b: { readonly fewest: number }): number {
  return a.fewest - b.fewest;
}

/** Names of the actions, from the enum in Action.sol. */
function actionNames(): readonly string[] {
  const source = readFileSync(join(ROOT, "test/contracts/invariants/Action.sol"), "utf8");
  const body = /enum Action \{([^}]*)\}/.exec(source)?.[1] ?? "";
  return [...body.matchAll(/^\s*(\w+),?$/gm)].map(([, name]) => name!);
}
