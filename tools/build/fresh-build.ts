import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runProgram } from "../programs/run-program.ts";
import { NODE_FLAGS } from "../programs/node-flags.ts";
import { ROOT } from "../programs/run-tool.ts";

const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
/** Inputs of a build. Mocks are left out: they are not deployed and do not affect the other contracts' code. */
const SOURCES = ["contracts", "hardhat.config.ts", "package.json"];
const MOCKS = join(ROOT, "contracts/mocks");
/** Guards against a hang; not a performance target. */
const TIMEOUT_MS = 900_000;

/**
 * Builds the contracts in a temporary folder without earlier artifacts or caches, calls `use` with the folder, which is
 * laid out like this project, and removes it.
 *
 * @throws with the compiler's output if the build fails
 */
export async function withFreshBuild<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-build-"));
  try {
    for (const path of SOURCES) {
      await cp(join(ROOT, path), join(folder, path), { recursive: true, filter: (source) => source !== MOCKS });
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await build(folder);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build(folder: string): Promise<void> {
  const options = { folder, timeoutMs: TIMEOUT_MS };
  const { status, output } = await runProgram(
    process.execPath,
    [...NODE_FLAGS, HARDHAT, "build", "--no-tests"],
    options,
  );
  if (status !== 0) throw new Error(`the contracts do not build:\n${output.trim()}`);
}
