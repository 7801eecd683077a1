import Table from "cli-table3";

import type { Explanation } from "./explanations.ts";
import { groupBy } from "./group-by.ts";
import type { Mutant } from "./mutant.ts";
import type { MutantResult } from "./result-store.ts";

/** Targets of the contracts' acceptance, A4. */
const KILLED_SHARE = 0.95;
const FEWEST = 300;

export interface Examined {
  readonly mutant: Mutant;
  readonly result: MutantResult;
}

/** What a report compares results with. */
export interface ReportContext {
  readonly explanations: ReadonlyMap<string, Explanation>;
  /** Of all mutants that there are. */
  readonly keys: ReadonlySet<string>;
  /** Whether only a part was tried that someone chose. */
  readonly part: boolean;
}

/** Prints what became of the mutants, and tells whether the target is met. */
export function report(examined: readonly Examined[], { explanations, keys, part }: ReportContext): boolean {
  const of = (status: MutantResult["status"]) => examined.filter(({ result }) => result.status === status);
  const [killed, survivors, broken] = [of("killed"), of("survived"), of("broken")];
  const tried = killed.length + survivors.length;
  const share = tried === 0 ? 0 : killed.length / tried;
  const critical = (list: readonly Examined[]) => list.filter(({ mutant }) => mutant.critical);
  const why = ({ mutant }: Examined) => explanations.get(mutant.key);
  const open = critical(survivors).filter((one) => why(one)?.equivalent !== true);
  const unexplained = survivors.filter((one) => why(one) === undefined);
  const stale = [
    ...killed.map(({ mutant }) => mutant.key).filter((key) => explanations.has(key)),
    ...[...explanations.keys()].filter((key) => !keys.has(key)),
  ];

  console.log(countsByFile(examined));
  console.log(countsBySuite(killed));
  if (survivors.length + broken.length > 0) console.log(survivorsTable([...survivors, ...broken], explanations));
  const timeouts = killed.filter(({ result }) => result.timeout === true).length;
  const equivalent = survivors.filter((one) => why(one)?.equivalent === true).length;
  const checks = `${critical(killed).length} of ${critical([...killed, ...survivors]).length}`;
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ["mutants tried", String(tried), `>= ${FEWEST}`, tried >= FEWEST],
    ["killed", `${killed.length}, ${percent(share)}`, `>= ${percent(KILLED_SHARE)}`, share >= KILLED_SHARE],
    ["  of them by time-out", String(timeouts), "", true],
    ["money, access, phases: killed", checks, "all but equivalent ones", open.length === 0],
    ["  survivors not shown equivalent", String(open.length), "0", open.length === 0],
    [
      "survivors explained",
      `${survivors.length - unexplained.length} of ${survivors.length}`,
      "all",
      unexplained.length === 0,
    ],
    ["  of them equivalent", String(equivalent), "", true],
    ["explanations without a survivor", stale.join(" ") || "0", "0", stale.length === 0],
    ["tests that broke", String(broken.length), "0", broken.length === 0],
  ];
  const table = new Table({ head: ["", "figure", "target", ""], style: { head: [] } });
  for (const [what, figure, target, met] of rows)
    table.push([what, figure, target, target === "" ? "" : met ? "met" : "NOT MET"]);
  console.log(table.toString());
  if (part) console.log("NOT RUN: the target is for more than this part");
  return !part && rows.every(([, , , met]) => met);
}

/** One line about a mutant. */
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
  for (const [file, own] of groupBy(examined, ({ mutant }) => mutant.file)) {
    const count = (status: MutantResult["status"]) => own.filter(({ result }) => result.status === status).length;
    table.push([file, count("killed"), count("survived"), count("broken")]);
  }
  return table.toString();
}

function countsBySuite(killed: readonly Examined[]): string {
  const table = new Table({ head: ["killed by", "mutants"], style: { head: [] } });
  const suites = groupBy(killed, ({ result }) => (result.timeout === true ? "time-out" : (result.file ?? "")));
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
