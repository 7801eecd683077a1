// `npm run test:differential`: compares the Solidity libraries with their TypeScript mirrors in sdk/ on random vectors;
// prints cases by kind and mismatches. `npm test` runs a tenth of the 100,000 cases; CW_SEED repeats a run.
//
//     --cases N      N cases
//     --long         a million cases
//     --record       saves the figures for docs/evidence.md
import { parseArgs } from "node:util";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { RECORD_OPTION } from "../evidence/finish-gate.ts";
import { runTestProgram } from "../programs/run-attached.ts";
import { wholeNumber } from "../programs/whole-number.ts";

const CI = 100_000;
const LONG = 1_000_000;

const { values } = parseArgs({
  options: { cases: { type: "string" }, long: { type: "boolean", default: false }, record: RECORD_OPTION },
});
const asked = values.cases ?? process.env["CW_VECTORS"];
const cases = wholeNumber("--cases", asked ?? String(values.long ? LONG : CI), 1, 999_999_999);
const gate = asked !== undefined ? "" : values.long ? "differential-long" : "differential";
ensureContractsBuilt();
await runTestProgram("test/sdk/vectors/differential.ts", {
  CW_VECTORS: String(cases),
  CW_GATE: gate,
  ...(values.record && { CW_RECORD: "1" }),
});
