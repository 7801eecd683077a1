import { ROW_PLOTS } from "./row-plot.ts";
import { Samples, type Check, type Plot, type Study, type Table } from "../../lab/study.ts";
import { WHY_MISSED } from "./why-missed-page.ts";
import type { Results } from "../../lab/report/results.ts";

/** Minimum number of seeds for a meaningful row. */
const LEAST_SEEDS = 20;

/** A row and its results; `undefined` if it has not run. */
export interface Measured {
  readonly study: Study;
  readonly results: Results | undefined;
  /** Whether the results come from the present contracts and code. */
  readonly isCurrent: boolean;
}

/** Output lines for a row: each figure with its target and verdict. */
export function checkLines(study: Study, results: Results): string[] {
  return study.judge(new Samples(results.samples)).checks.map((check) => `${study.id}  ${lineOf(check)}`);
}

function lineOf({ what, target, figure, missedBy }: Check): string {
  return `${what}: ${figure} (target ${target}): ${missedBy === undefined ? "met" : `NOT MET by ${missedBy}`}`;
}

/** Writes `experiments/studies/incentives/README.md`. */
export function page(rows: readonly Measured[]): string {
  return [
    "# Incentives, measured",
    "",
    "Seeded agents through the real contracts: every payout, slash and consensus below comes from transactions on Hardhat's chain, with a",
    "clock that the experiment moves; updates are trained on real digits (softmax regression, `experiments/data/digits`) and scored, clipped and",
    "merged by the validators' own code. `npm run experiment -- incentives` measures it again (`--rows D1,D4`, `--seeds N`); this page is",
    "written by it from `experiments/studies/incentives/results/`. Where a figure is a mean, it is over seeds. Stakes: reward 1,000, a seat locks 100, a",
    "trainer's bond is 10; terms are the defaults of a job file.",
    "",
    "Data, training, guesses and noise follow from the seed. Committees are drawn from block hashes, which are others in every run of the command:",
    "figures come back within the spread of seeds, not to the digit.",
    "",
    ...markdown({
      head: ["Row", "What", "Checks met", "Attempts of committees", "Seeds", "Minutes"],
      rows: rows.map(summaryOf),
    }),
    "What is missed, and why, stands under each row's table.",
    "",
    ...rows.flatMap(section),
  ].join("\n");
}

function summaryOf({ study, results, isCurrent }: Measured): string[] {
  if (results === undefined) return [study.id, study.title, "NOT RUN", "", "", ""];
  const { checks } = study.judge(new Samples(results.samples));
  const met = checks.filter(({ missedBy }) => missedBy === undefined).length;
  const attempts = results.samples.reduce((sum, sample) => sum + sample.attempts, 0);
  const seeds = seedsOf(results);
  return [
    ...[study.id, study.title, `${met} of ${checks.length}`, attempts.toLocaleString("en")],
    `${seeds}${seeds < LEAST_SEEDS ? ", too few" : ""}${isCurrent ? "" : ", older code"}`,
    (results.seconds / 60).toFixed(1),
  ];
}

function section({ study, results, isCurrent }: Measured): string[] {
  const head = [`## ${study.id}: ${study.title}`, "", `Target: ${study.target}.`, "", `${study.setting}.`, ""];
  if (results === undefined) return [...head, "NOT RUN: no results are kept.", ""];
  const samples = new Samples(results.samples);
  const { checks, table, words } = study.judge(samples);
  const plot = plotOf(study, samples);
  const isMissed = checks.some(({ missedBy }) => missedBy !== undefined);
  return [
    ...head,
    ...(isCurrent
      ? []
      : ["**Measured with older code** of the contracts or of this experiment: to be measured again.", ""]),
    ...markdown({
      head: ["Check", "Figure", "Target", "Verdict"],
      rows: checks.map(({ what, figure, target, missedBy }) => [
        what,
        figure,
        target,
        missedBy === undefined ? "met" : `**NOT MET** by ${missedBy}`,
      ]),
    }),
    ...markdown(table),
    ...(plot === undefined ? [] : [`![${plot.title}](figures/${plot.name}.svg)`, ""]),
    ...[...words, ...(isMissed ? (WHY_MISSED[study.id] ?? []) : [])].flatMap((paragraph) => [paragraph, ""]),
  ];
}

/** The plot of a row, if it has one. */
export function plotOf(study: Study, samples: Samples): Plot | undefined {
  return study.judge(samples).plot ?? ROW_PLOTS[study.id]?.(samples);
}

/** A Markdown table in Prettier's format. */
export function markdown({ head, rows }: Table): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => (line[column] ?? "").length)));
  const row = (line: readonly string[]) => `| ${line.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`;
  return [row(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(row), ""];
}

function seedsOf({ samples }: Results): number {
  return new Set(samples.map(({ seed }) => seed)).size;
}
