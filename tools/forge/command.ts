// `npm run forge -- ARGUMENT ...`: runs forge itself on the Solidity tests, to debug a failure. A failing campaign
// prints the command that shows the test's trace.
import { runAttached } from "../programs/run-attached.ts";
import { forgeProgram } from "./forge-program.ts";
import { forgeWorkspace } from "./forge-workspace.ts";

const forge = forgeProgram();
if (forge === undefined) {
  console.log(`NOT RUN: no forge package for ${process.platform} on ${process.arch}`);
  process.exitCode = 1;
} else {
  await runAttached(forge, process.argv.slice(2), { folder: forgeWorkspace() });
}
