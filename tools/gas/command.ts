// `npm run gas`: prints the gas of every transaction and its target; `-- --write` updates the snapshot.
import { ensureContractsBuilt } from "../../bin/install.mjs";
import { runTestProgram } from "../programs/run-attached.ts";

ensureContractsBuilt();
await runTestProgram("test/contracts/gas/run.ts", {}, process.argv.slice(2));
