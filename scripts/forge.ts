// `npm run forge -- ARGUMENT ...` (`test` unless given): forge over the contracts and their Solidity tests, in a copy.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";

import { forgeProgram } from "./forge/forge-program.ts";
import { writeForgeConfig } from "./forge/forge-project.ts";
import { copyProject } from "./project-copy.ts";

const program = forgeProgram();
if (program === undefined) {
  console.log(`NOT RUN: there is no forge for ${process.platform} on ${process.arch}`);
} else {
  process.exitCode = await run(program, process.argv.slice(2));
}

async function run(forge: string, given: readonly string[]): Promise<number> {
  const folder = await copyProject("forge");
  try {
    writeForgeConfig(folder);
    const child = spawn(forge, given.length === 0 ? ["test"] : given, { cwd: folder, stdio: "inherit" });
    const [status] = (await once(child, "close")) as [number | null];
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
