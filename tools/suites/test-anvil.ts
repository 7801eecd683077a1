// `npm run test:anvil`: a whole job on anvil with a block every second, every participant a process, until it is closed
// and paid to the unit; then whole jobs through reorganisations of 1, 3, 6 and 12 blocks in every phase in which
// workers act, with thieves that read what is orphaned; then the same with workers that rely on the newest block, where
// the thieves must succeed. CW_VERBOSE=1 prints what the workers log.
//
//     --record         saves the figures for docs/evidence.md
import { parseArgs } from "node:util";

import { ensureContractsBuilt } from "../../bin/install.mjs";
import { gateNotRun, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { foundryProgram } from "../forge/foundry-program.ts";
import { runTestProgram } from "../programs/run-attached.ts";

const { values } = parseArgs({ options: { record: RECORD_OPTION } });
const anvil = foundryProgram("anvil");
if (anvil === undefined) {
  gateNotRun(`there is no anvil for ${process.platform} on ${process.arch}`);
} else {
  ensureContractsBuilt();
  const record = values.record ? ["--record"] : [];
  await runTestProgram("test/trainer/roles/reorganisations/run.ts", {}, [anvil, ...record]);
}
