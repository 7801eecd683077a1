import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../run-tool.ts";
import { writeForgeConfig } from "./forge-project.ts";

/** What forge reads. */
const PARTS = ["contracts", "test/contracts"];

/** Puts the contracts and their Solidity tests where forge finds them and keeps its build, and gives that folder. */
export function forgeWorkspace(): string {
  const folder = join(ROOT, "cache/forge");
  mkdirSync(join(folder, "test"), { recursive: true });
  for (const part of PARTS) {
    rmSync(join(folder, part), { recursive: true, force: true });
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  if (!existsSync(join(folder, "node_modules"))) symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeForgeConfig(folder);
  return folder;
}
