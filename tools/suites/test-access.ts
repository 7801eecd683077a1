// `npm run test:access`: calls every state-changing function in every role at every stage of a job, and compares the
// results with a table. `--record` saves the figures for docs/evidence.md.
import { parseArgs } from "node:util";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { RECORD_OPTION } from "../evidence/finish-gate.ts";
import { runTestProgram } from "../programs/run-attached.ts";

const { values } = parseArgs({ options: { record: RECORD_OPTION } });
ensureContractsBuilt();
await runTestProgram("test/contracts/access/run.ts", values.record ? { CW_RECORD: "1" } : {});
