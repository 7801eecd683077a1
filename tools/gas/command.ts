// `npm run gas`: the gas of every transaction beside its target; `-- --write` keeps the figures in the snapshot.
import { ensureContractsBuilt } from "../../bin/install.mjs";
import { runTestProgram } from "../programs/run-attached.ts";

ensureContractsBuilt();
await runTestProgram("test/contracts/gas/run.ts", {}, process.argv.slice(2));
