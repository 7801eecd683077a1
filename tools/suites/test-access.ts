// `npm run test:access`: every function that changes state, in every role, at every stage of a job's life, against a table.
import { runTestProgram } from "../programs/run-test-program.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

ensureContractsBuilt();
runTestProgram("test/contracts/access/run.ts");
