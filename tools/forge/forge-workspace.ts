import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";
import { writeForgeConfig } from "./forge-project.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

/** Where forge keeps its build and finds what it reads. */
export const FORGE_FOLDER = join(ROOT, "cache/forge");
/** The tests, what they import, and what Hardhat built of the contracts. */
const PARTS = ["contracts", "test/contracts", "artifacts/contracts"];
/** Failures of an earlier run, which forge would repeat first: a run follows from its seed alone. */
const FAILURES = ["cache/fuzz", "cache/invariant", "cache/test-failures"];

/** Puts the Solidity tests where forge finds them and keeps its build, and gives that folder. */
export function forgeWorkspace(): string {
  // The tests call what Hardhat built.
  ensureContractsBuilt();
  for (const path of [...PARTS, ...FAILURES]) rmSync(join(FORGE_FOLDER, path), { recursive: true, force: true });
  mkdirSync(join(FORGE_FOLDER, "test"), { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(FORGE_FOLDER, part), { recursive: true });
  const packages = join(FORGE_FOLDER, "node_modules");
  if (!existsSync(packages)) symlinkSync(join(ROOT, "node_modules"), packages);
  writeForgeConfig(FORGE_FOLDER);
  return FORGE_FOLDER;
}
