// `npm run forge -- ARGUMENT ...`: forge itself over the Solidity tests, to look at one that failed: the campaigns name the
// arguments that show its trace.
import { spawn } from "node:child_process";
import { once } from "node:events";

import { forgeProgram } from "./forge-program.ts";
import { forgeWorkspace } from "./forge-workspace.ts";

const forge = forgeProgram();
if (forge === undefined) {
  console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
  process.exitCode = 1;
} else {
  const child = spawn(forge, process.argv.slice(2), { cwd: forgeWorkspace(), stdio: "inherit" });
  const [status] = (await once(child, "close")) as [number | null];
  process.exitCode = status ?? 1;
}
