// `npm run test:access`: every function that changes state, in every role, at every stage of a job's life, against a table.
import { ensureContractsBuilt } from "../../bin/install.mjs";
import { runTestProgram } from "../programs/run-attached.ts";

ensureContractsBuilt();
await runTestProgram("test/contracts/access/run.ts");
