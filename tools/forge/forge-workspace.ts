import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";
import { writeForgeConfig } from "./forge-project.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

/** Folder with forge's inputs and its build. */
export const FORGE_FOLDER = join(ROOT, "cache/forge");
/** The Solidity tests, their imports, and Hardhat's artifacts. */
const PARTS = ["contracts", "test/contracts", "artifacts/contracts"];
/** Recorded failures, which forge would replay first; deleted, so that a run depends on its seed only. */
const FAILURES = ["cache/fuzz", "cache/invariant", "cache/test-failures"];

/** Copies the Solidity tests into forge's folder, without deleting its build, and returns the folder. */
export function forgeWorkspace(): string {
  // The tests load Hardhat's artifacts.
  ensureContractsBuilt();
  for (const path of [...PARTS, ...FAILURES]) rmSync(join(FORGE_FOLDER, path), { recursive: true, force: true });
  mkdirSync(join(FORGE_FOLDER, "test"), { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(FORGE_FOLDER, part), { recursive: true });
  const packages = join(FORGE_FOLDER, "node_modules");
  if (!existsSync(packages)) symlinkSync(join(ROOT, "node_modules"), packages);
  writeForgeConfig(FORGE_FOLDER);
  return FORGE_FOLDER;
}
