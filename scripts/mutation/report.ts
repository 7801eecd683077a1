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

/** Prints what became of the mutants, and tells whether the target is met. */
export function report(
  examined: readonly Examined[],
  explanations: ReadonlyMap<string, Explanation>,
  sample: boolean,
): boolean {
  const of = (status: MutantResult["status"]) => examined.filter(({ result }) => result.status === status);
  const [killed, survivors, broken] = [of("killed"), of("survived"), of("broken")];
  const tried = killed.length + survivors.length;
  const share = tried === 0 ? 0 : killed.length / tried;
  const critical = (list: readonly Examined[]) => list.filter(({ mutant }) => mutant.critical).length;
  const why = ({ mutant }: Examined) => explanations.get(mutant.key);
  const open = survivors.filter((one) => one.mutant.critical && why(one)?.equivalent !== true);
  const unexplained = survivors.filter((one) => why(one) === undefined);

  console.log(countsByFile(examined));
  console.log(countsBySuite(killed));
  if (survivors.length + broken.length > 0) console.log(survivorsTable([...survivors, ...broken], explanations));
  const timeouts = killed.filter(({ result }) => result.timeout === true).length;
  const events = (list: readonly Examined[]) => list.filter(({ mutant }) => mutant.operator === "event").length;
  const seconds = examined.reduce((sum, { result }) => sum + result.seconds, 0);
  console.log(
    `${examined.length} mutants: ${tried} tried, ${of("same-bytecode").length} with the contracts' own bytecode, ${of("invalid").length} that do not compile, ${broken.length} whose tests broke`,
  );
  console.log(
    `killed ${killed.length} of ${tried}: ${percent(share)} (target ${percent(KILLED_SHARE)}); by time-out ${timeouts}; events ${events(killed)} of ${events([...killed, ...survivors])}`,
  );
  console.log(
    `money, access and phases: killed ${critical(killed)} of ${critical([...killed, ...survivors])}; not killed and not explained as equivalent: ${open.length}`,
  );
  console.log(
    `survivors without an explanation: ${unexplained.length}; ${(seconds / Math.max(examined.length, 1)).toFixed(1)} s a mutant`,
  );

  const met = share >= KILLED_SHARE && open.length === 0 && unexplained.length === 0 && broken.length === 0;
  if (sample) console.log("SAMPLE: the target is for all mutants");
  else if (tried < FEWEST) console.log(`NOT MET: fewer than ${FEWEST} mutants were tried`);
  else console.log(met ? "MET" : "NOT MET");
  return met && !sample && tried >= FEWEST;
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
  const table = new Table({ head: ["file", "killed", "survived", "same bytecode", "other"], style: { head: [] } });
  for (const [file, own] of groupBy(examined, ({ mutant }) => mutant.file)) {
    const count = (...statuses: readonly string[]) =>
      own.filter(({ result }) => statuses.includes(result.status)).length;
    table.push([file, count("killed"), count("survived"), count("same-bytecode"), count("invalid", "broken")]);
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
