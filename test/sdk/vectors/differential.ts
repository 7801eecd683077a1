// Program of `npm run test:differential`: runs every comparison and prints its figures.
import { finishGate, RECORD_OPTION } from "../../../tools/evidence/finish-gate.ts";
import { openHarness } from "./harness.ts";
import { KINDS } from "./kinds.ts";
import { SEED, VECTORS } from "./settings.ts";

const WIDTH = Math.max(...KINDS.map(({ name }) => name.length));
const start = performance.now();
const open = await openHarness();
let compared = 0;
let failures = 0;
console.log(`the libraries and their mirrors on the same random vectors, CW_SEED=${SEED} CW_VECTORS=${VECTORS}\n`);
for (const kind of KINDS) {
  const begin = performance.now();
  const cases = kind.cases(VECTORS);
  const { mismatches, shown } = await kind.compare(open, SEED, VECTORS);
  compared += cases;
  failures += mismatches;
  console.log(row(kind.name, cases, mismatches, begin));
  for (const { vector, onChain, mirror } of shown) {
    console.log(`  vector   ${vector}\n  on chain ${onChain}\n  mirror   ${mirror}`);
  }
}
await open.close();
console.log(row("all", compared, failures, start));
finishGate({
  gate: process.env["CW_GATE"] || undefined,
  figures: [
    {
      what: "cases compared",
      figure: compared.toLocaleString("en"),
      target: `>= ${VECTORS.toLocaleString("en")}`,
      met: compared >= VECTORS,
    },
    { what: "mismatches", figure: String(failures), target: "0", met: failures === 0 },
  ],
  record: RECORD_OPTION.default,
});

function row(name: string, cases: number, mismatches: number, begin: number): string {
  const figures = `${whole(cases, 9)} cases, ${whole(mismatches, 7)} mismatches (target 0)`;
  const seconds = `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  return `${name.padEnd(WIDTH)} ${figures}, ${seconds.padStart(7)}${mismatches === 0 ? "" : "  MISSED"}`;
}

function whole(value: number, width: number): string {
  return value.toLocaleString("en-US").padStart(width);
}
