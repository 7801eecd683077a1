// Program of `npm run gas`: measures and prints the gas of every transaction.
import { writeFile } from "node:fs/promises";

import Table from "cli-table3";

import type { Figure } from "../../../tools/bench/figures.ts";
import { finishGate, RECORD_OPTION } from "../../../tools/evidence/finish-gate.ts";
import { costTable, measureJobs } from "./round-costs.ts";
import { GAS_SNAPSHOT, INIT_CODE_CAP, TRANSACTION_CAP, type GasRow, gasRows, notFlat } from "./measure.ts";

/** Gas of similar transactions in other systems. */
const PEERS: Readonly<Record<string, string>> = {
  "seal scores": "Sapien 142,000; UMA 88,000",
  "reveal 16 scores": "Sapien 68,000 for one; UMA 97,000",
  "tally, an update": "Sapien 292,000",
  "credit all trainers": "HealChain 1,150,000 a trainer at 200",
};
const jobs = await measureJobs();
const rows = await gasRows(jobs);
console.log(formatGas(rows));
console.log(costTable(jobs));
const growing = notFlat(rows);
console.log(
  growing.length === 0 ? "flat from 10 to 1,000 participants" : `grows with participants: ${growing.join(", ")}`,
);
if (process.argv.includes("--write")) {
  const figures = Object.fromEntries(rows.map(({ name, measured }) => [name, measured]));
  await writeFile(GAS_SNAPSHOT, `${JSON.stringify(figures, undefined, 2)}\n`);
}
finishGate({
  gate: "gas",
  figures: gasFigures(rows, growing),
  record: RECORD_OPTION.default || process.argv.includes("--record"),
});

/** Formats the rows as a table. */
function formatGas(rows: readonly GasRow[]): string {
  const table = new Table({
    head: ["", "measured", "at most", "unit", "", "peers"],
    colAligns: ["left", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, measured, target, unit } of rows) {
    const figures = [measured, target].map((figure) => figure.toLocaleString("en-US"));
    table.push([name, ...figures, unit, measured <= target ? "" : "ABOVE TARGET", PEERS[name] ?? ""]);
  }
  return table.toString();
}

/** Summary of all rows: transactions with targets of their own, and the maximum of each other kind. */
function gasFigures(rows: readonly GasRow[], growing: readonly string[]): readonly Figure[] {
  const whole = (value: number) => value.toLocaleString("en-US");
  const own = rows.filter(({ unit, target }) => unit === "gas" && target < TRANSACTION_CAP);
  const largest = (what: string, some: readonly GasRow[]): Figure => {
    const [row] = some.toSorted((a, b) => b.measured - a.measured);
    if (row === undefined) throw new Error(`nothing was measured: ${what}`);
    const met = some.every(({ measured, target }) => measured <= target);
    return { what: `${what} (${row.name})`, figure: whole(row.measured), target: `<= ${whole(row.target)}`, met };
  };
  return [
    ...own.map(({ name, measured, target }): Figure => {
      return { what: name, figure: whole(measured), target: `<= ${whole(target)}`, met: measured <= target };
    }),
    largest(
      "most gas of a transaction",
      rows.filter(({ unit, target }) => unit === "gas" && target === TRANSACTION_CAP),
    ),
    largest(
      "bytes of the largest contract",
      rows.filter(({ unit, target }) => unit === "bytes" && target < INIT_CODE_CAP),
    ),
    largest(
      "bytes of init code",
      rows.filter(({ unit, target }) => unit === "bytes" && target === INIT_CODE_CAP),
    ),
    {
      what: "transactions that cost more with more participants",
      figure: String(growing.length),
      target: "0 from 10 to 1,000",
      met: growing.length === 0,
    },
  ];
}
