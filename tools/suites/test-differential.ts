// `npm run test:differential`: the libraries on chain and their mirrors in sdk/ on the same random vectors, cases by kind and
// mismatches beside the target, 0. As many as the tests run, `--cases N`, or a million with `--long`; CW_SEED repeats a run.
import { parseArgs } from "node:util";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { runTestProgram } from "../programs/run-attached.ts";

const LONG = 1_000_000;

const { values } = parseArgs({ options: { cases: { type: "string" }, long: { type: "boolean", default: false } } });
const cases = values.cases ?? (values.long ? String(LONG) : process.env["CW_VECTORS"]);
if (cases !== undefined && !/^[1-9]\d{0,8}$/.test(cases)) {
  console.error(`--cases ${cases}: expected a number of cases, 1 to 999,999,999`);
  process.exit(2);
}
ensureContractsBuilt();
await runTestProgram("test/sdk/vectors/differential.ts", cases === undefined ? {} : { CW_VECTORS: cases });
