import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

/** Parts of the project to copy for tools that modify sources or artifacts. */
const PARTS = [
  ...["bin", "contracts", "sdk", "trainer", "scripts", "tools", "experiments", "test"],
  ...["docs", "hardhat.config.ts", "package.json", ".mocharc.json"],
];

/** The project's own packages: a copy links them to itself, not to the original. */
const OWN_PACKAGES = new Set(["commonweight", "@commonweight"]);

/** Copies the project into a new temporary folder, links the installed packages there, and returns the folder. */
export async function copyProject(purpose: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `commonweight-${purpose}-`));
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  linkPackages(folder);
  return folder;
}

/** Links the installed packages into a copy of the project; its own packages are links to itself. */
export function linkPackages(folder: string): void {
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, "@commonweight"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!OWN_PACKAGES.has(name)) symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  }
  symlinkSync(join(folder, "sdk"), join(packages, "@commonweight/sdk"));
  symlinkSync(join(folder, "trainer"), join(packages, "commonweight"));
}
