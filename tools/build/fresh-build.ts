import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runProgram } from "../programs/run-program.ts";
import { NODE_FLAGS } from "../programs/node-flags.ts";
import { ROOT } from "../programs/run-tool.ts";

const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
/** What a build reads. Nobody deploys mocks; the contracts' code is the same without them. */
const SOURCES = ["contracts", "hardhat.config.ts", "package.json"];
const MOCKS = join(ROOT, "contracts/mocks");
/** A guard against hanging, not a figure. */
const TIMEOUT_MS = 900_000;

/**
 * Builds the contracts from their sources alone, in a new folder without artifacts or cache of an earlier build, and
 * gives that folder, laid out as this project's, to `use`; then removes it.
 *
 * @throws what the compiler says where it does not build
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
