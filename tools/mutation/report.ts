import Table from "cli-table3";

import { noneAllowed, type Figure } from "../bench/figures.ts";
import type { Explanation } from "./explanations.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantResult } from "./result-store.ts";

const KILLED_SHARE = 0.95;
/** Minimum number of mutants, for a meaningful share of kills, unless a smaller sample is requested. */
const FEWEST = 300;
/** Maximum share of broken mutants among those tried. */
const BROKEN_SHARE = 0.01;

export interface Examined {
  readonly mutant: Mutant;
  readonly result: MutantResult;
}

/** Data that a report compares the results with. */
export interface ReportContext {
  readonly explanations: ReadonlyMap<string, Explanation>;
  /** Keys of all existing mutants. */
  readonly keys: ReadonlySet<string>;
  /** Whether `--only` restricted the files. */
  readonly part: boolean;
  /** Minimum number of mutants to try; default 300. */
  readonly fewest?: number;
}

/** Computes the figures and their targets from the results. */
export function figuresOf(
  examined: readonly Examined[],
  { explanations, keys, fewest = FEWEST }: ReportContext,
): readonly Figure[] {
  const [killed, survivors, broken] = (["killed", "survived", "broken"] as const).map((status) =>
    examined.filter(({ result }) => result.status === status),
  ) as [Examined[], Examined[], Examined[]];
  const tried = killed.length + survivors.length;
  const share = tried === 0 ? 0 : killed.length / tried;
  const critical = (list: readonly Examined[]) => list.filter(({ mutant }) => mutant.critical);
  const why = ({ mutant }: Examined) => explanations.get(mutant.key);
  const open = critical(survivors).filter((one) => why(one)?.equivalent !== true);
  const unexplained = survivors.filter((one) => why(one) === undefined).length;
  const stale = [
    ...killed.map(({ mutant }) => mutant.key).filter((key) => explanations.has(key)),
    ...[...explanations.keys()].filter((key) => !keys.has(key)),
  ];
  return [
    { what: "mutants tried", figure: String(tried), target: `>= ${fewest}`, met: tried >= fewest },
    {
      what: "killed",
      figure: `${killed.length}, ${percent(share)}`,
      target: `>= ${percent(KILLED_SHARE)}`,
      met: share >= KILLED_SHARE,
    },
    {
      what: "money, access, phases: killed",
      figure: `${critical(killed).length} of ${critical([...killed, ...survivors]).length}`,
      target: "all but equivalent ones",
      met: open.length === 0,
    },
    noneAllowed("  survivors not shown to be equivalent", open.length),
    noneAllowed("survivors without an explanation", unexplained),
    noneAllowed(["explanations without a survivor", ...stale].join(" "), stale.length),
    // An endless loop may exhaust the memory and end the process, whatever the tests assert.
    {
      what: "not counted: the tests' process died",
      figure: String(broken.length),
      target: `<= ${percent(BROKEN_SHARE)}`,
      met: broken.length <= BROKEN_SHARE * tried,
    },
  ];
}

/** Prints the results; returns the figures and their targets. */
export function report(examined: readonly Examined[], context: ReportContext): readonly Figure[] {
  const killed = examined.filter(({ result }) => result.status === "killed");
  const others = examined.filter(({ result }) => result.status !== "killed");
  console.log(countsByFile(examined));
  console.log(countsBySuite(killed));
  if (others.length > 0) console.log(survivorsTable(others, context.explanations));
  const timeouts = killed.filter(({ result }) => result.timeout === true).length;
  const equivalent = others.filter(({ mutant }) => context.explanations.get(mutant.key)?.equivalent === true).length;
  console.log(`${timeouts} killed by time-out; ${equivalent} survivors are equivalent to the contracts`);
  const part: Figure = { what: "files tried", figure: "some", target: "all", met: false };
  return [...figuresOf(examined, context), ...(context.part ? [part] : [])];
}

/** A one-line description of a mutant. */
export function describe(mutant: Mutant): string {
  const { number, file, line, scope, operator } = mutant;
  return `${number} ${file}:${line} ${scope} [${operator}] ${change(mutant)}`;
}

function change({ form, original, replacement }: Mutant): string {
  const short = (text: string) => {
    const line = text.replace(/\s+/g, " ").trim();
    return line.length > 70 ? `${line.slice(0, 69)}…` : line;
  };
  return form === "insertion"
    ? `starts with ${replacement}`
    : `${short(original)} -> ${short(replacement) || "(nothing)"}`;
}

function countsByFile(examined: readonly Examined[]): string {
  const table = new Table({ head: ["file", "killed", "survived", "broken"], style: { head: [] } });
  for (const [file, own] of Map.groupBy(examined, ({ mutant }) => mutant.file)) {
    const count = (status: MutantResult["status"]) => own.filter(({ result }) => result.status === status).length;
    table.push([file, count("killed"), count("survived"), count("broken")]);
  }
  return table.toString();
}

function countsBySuite(killed: readonly Examined[]): string {
  const table = new Table({ head: ["killed by", "mutants"], style: { head: [] } });
  const suites = Map.groupBy(killed, ({ result }) => (result.timeout === true ? "time-out" : (result.file ?? "")));
  for (const [suite, own] of suites) table.push([suite, own.length]);
  return table.toString();
}

function survivorsTable(list: readonly Examined[], explanations: ReadonlyMap<string, Explanation>): string {
  const head = ["key", "place", "operator", "original -> mutated", "explanation"];
  const table = new Table({ head, colWidths: [15, 40, 13, 60, 50], wordWrap: true, style: { head: [] } });
  for (const { mutant, result } of list) {
    const place = `${mutant.file}:${mutant.line}\n${mutant.scope}${mutant.critical ? "\n(critical)" : ""}`;
    const why =
      result.status === "broken" ? `BROKEN: ${result.error ?? ""}` : explanations.get(mutant.key)?.explanation;
    table.push([mutant.key, place, mutant.operator, change(mutant), why ?? "NONE"]);
  }
  return table.toString();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
