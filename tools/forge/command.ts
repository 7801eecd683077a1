// `npm run forge -- ARGUMENT ...`: forge itself over the Solidity tests, to look at one that failed: the campaigns name
// the arguments that show its trace.
import { runAttached } from "../programs/run-attached.ts";
import { forgeProgram } from "./forge-program.ts";
import { forgeWorkspace } from "./forge-workspace.ts";

const forge = forgeProgram();
if (forge === undefined) {
  console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
  process.exitCode = 1;
} else {
  await runAttached(forge, process.argv.slice(2), { folder: forgeWorkspace() });
}
