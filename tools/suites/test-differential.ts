// `npm run test:differential`: the libraries on chain and their mirrors in sdk/ on the same random vectors, cases by kind and
// mismatches beside the target, 0. As many as the tests run, `--cases N`, or a million with `--long`; CW_SEED repeats a run.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

import { NODE_FLAGS } from "../programs/node-flags.ts";
import { ROOT } from "../programs/run-tool.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

const LONG = 1_000_000;

const { values } = parseArgs({ options: { cases: { type: "string" }, long: { type: "boolean", default: false } } });
const cases = values.cases ?? (values.long ? String(LONG) : process.env["CW_VECTORS"]);
if (cases !== undefined && !/^[1-9]\d{0,8}$/.test(cases)) {
  console.error(`--cases ${cases}: expected a number of cases, 1 to 999,999,999`);
  process.exit(2);
}
ensureContractsBuilt();
// In a process of its own: nothing that is made for tests is imported by a program.
const { status } = spawnSync(process.execPath, [...NODE_FLAGS, "test/sdk/vectors/differential.ts"], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, ...(cases !== undefined && { CW_VECTORS: cases }) },
});
process.exitCode = status ?? 1;
