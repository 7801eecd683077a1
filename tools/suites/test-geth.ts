// `npm run test:geth`: a whole job on geth's developer chain with a block every second, every participant a process,
// until it is closed and paid to the unit.
//
//     --install        builds geth with Go if it is neither on the PATH nor built before
//     --record         saves the figures for docs/evidence.md
import { parseArgs } from "node:util";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { gateNotRun, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { GETH, locateGoProgram } from "../programs/go-program.ts";
import { runTestProgram } from "../programs/run-attached.ts";

const { values } = parseArgs({ options: { install: { type: "boolean", default: false }, record: RECORD_OPTION } });
const geth = await locateGoProgram(GETH, values.install);
if (geth.kind === "missing") {
  gateNotRun(geth.reason);
} else {
  ensureContractsBuilt();
  const record = values.record ? ["--record"] : [];
  await runTestProgram("test/e2e/whole-job/run-on-geth.ts", {}, [geth.path, ...record]);
}
