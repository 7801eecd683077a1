import Table from "cli-table3";

import type { Rational } from "../../../trainer/aggregation/rational.ts";
import { meanOf } from "../../lab/study.ts";
import { distributionOf, leastClear, shareFrom, toNumber } from "./distribution.ts";
import type { Pair } from "./measure.ts";
import { STATISTICS, type Statistic } from "./similarity.ts";

/** Thresholds of the curve, in hundredths. */
export const THETAS = Array.from({ length: 70 }, (_, at) => 30 + at);

/** Minimum number of errors for a meaningful comparison: see experiments/studies/near-clones/README.md. */
export const LEAST_ERRORS = 20;

/** Distributions by data set, local epochs, round and kind, over all seeds; for clones also over all sharings. */
export function summaryCsv(pairs: readonly Pair[]): string {
  const groups = Map.groupBy(pairs, ({ setting, round, role, kind }) =>
    [setting.dataSet, setting.epochs, round, role, kind].join(),
  );
  const columns = STATISTICS.flatMap((name) => ["min", "q1", "median", "q3", "max"].map((part) => `${name}_${part}`));
  return csv([
    ["data", "epochs", "round", "role", "kind", "pairs", "accuracy", "accuracyGain", "fewErrors", ...columns],
    ...[...groups].map(([key, members]) => [
      key,
      members.length,
      mean(members.map(({ accuracy }) => accuracy)),
      mean(members.map(({ accuracyGain }) => accuracyGain)),
      fewErrors(valuesOf(members, "errors")).toFixed(3),
      ...STATISTICS.flatMap((name) => fiveNumbers(valuesOf(members, name))),
    ]),
  ]);
}

/** Share of pairs classified as clones at each theta, by kind, over all runs. */
export function curveCsv(pairs: readonly Pair[]): string {
  const kinds = byKind(pairs);
  const line = (name: Statistic, leastErrors: number, theta: number) => [
    ...[name, leastErrors, (theta / 100).toFixed(2)],
    ...[...kinds.values()].map((members) => shareFrom(valuesOf(members, name), theta, leastErrors).toFixed(4)),
  ];
  return csv([
    ["statistic", "leastErrors", "theta", ...kinds.keys()],
    ...STATISTICS.flatMap((name) =>
      [1, LEAST_ERRORS].flatMap((leastErrors) => THETAS.map((theta) => line(name, leastErrors, theta))),
    ),
  ]);
}

/** The command's output: for every statistic its distribution and the shares at the suggested thresholds, by kind. */
export function reportText(pairs: readonly Pair[]): string {
  return STATISTICS.map((name) => statisticText(pairs, name)).join("\n\n");
}

/** A theta in hundredths, with a minimum number of errors. */
interface Threshold {
  readonly theta: number;
  readonly leastErrors: number;
}

/**
 * Thresholds that the measured pairs suggest. First the smallest theta that no innocent pair reaches, with at least 1
 * and with at least `LEAST_ERRORS` errors, for all innocents and for those with their own data. Last the smallest theta
 * at which no update can be similar to two innocents at once.
 */
export function thresholdsOf(pairs: readonly Pair[], name: Statistic): readonly Threshold[] {
  const all = valuesOf(innocents(pairs), name);
  const own = valuesOf(
    innocents(pairs).filter(({ setting }) => setting.sharing !== "same"),
    name,
  );
  const clear = [1, LEAST_ERRORS].flatMap((leastErrors) =>
    [all, own].map((values) => ({ leastErrors, theta: leastClear(values, leastErrors) })),
  );
  const enough = leastClear(all, LEAST_ERRORS);
  // If two updates both have similarity theta to a third, theirs is at least 2 theta - 1: see jaccardOfErrors.
  return [...clear, { leastErrors: LEAST_ERRORS, theta: Math.ceil((100 + enough) / 2) }];
}

function statisticText(pairs: readonly Pair[], name: Statistic): string {
  const thresholds = thresholdsOf(pairs, name);
  const titles = thresholds.map(({ leastErrors, theta }) => `>= ${(theta / 100).toFixed(2)}\n${leastErrors}+`);
  const head = ["kind", "pairs", "min", "q1", "median", "q3", "max", ...titles, "accuracy", "gain"];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const [kind, members] of byKind(pairs)) {
    const values = valuesOf(members, name);
    const caught = thresholds.map(({ leastErrors, theta }) => shareFrom(values, theta, leastErrors).toFixed(3));
    const accuracy = [mean(members.map((one) => one.accuracy)), mean(members.map((one) => one.accuracyGain))];
    table.push([kind, members.length, ...fiveNumbers(values), ...caught, ...accuracy]);
  }
  const legend = `shares at thetas clear of all innocents, and of those with data of their own (1+ errors, ${LEAST_ERRORS}+ errors); last: nothing between two innocents`;
  return `${name}: ${legend}\n${table.toString()}`;
}

function innocents(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(({ role }) => role === "innocent");
}

function byKind(pairs: readonly Pair[]): Map<string, Pair[]> {
  return Map.groupBy(pairs, ({ role, kind }) => `${role}: ${kind}`);
}

function valuesOf(pairs: readonly Pair[], name: Statistic): Rational[] {
  return pairs.map(({ similarity }) => similarity[name]);
}

/** Share of similarities with fewer than `LEAST_ERRORS` errors. */
function fewErrors(similarities: readonly Rational[]): number {
  return similarities.filter(({ denominator }) => denominator < BigInt(LEAST_ERRORS)).length / similarities.length;
}

function fiveNumbers(values: readonly Rational[]): string[] {
  const { min, q1, median, q3, max } = distributionOf(values.map(toNumber));
  return [min, q1, median, q3, max].map((value) => value.toFixed(3));
}

function mean(values: readonly number[]): string {
  return meanOf(values).toFixed(4);
}

function csv(rows: readonly (readonly (string | number | bigint)[])[]): string {
  return rows.map((row) => `${row.join(",")}\n`).join("");
}
