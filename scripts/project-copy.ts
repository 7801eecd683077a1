import { mkdtempSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "./run-tool.ts";

/** Parts of the project that a tool which changes sources or builds works on in a copy of its own. */
const PARTS = [
  ...["contracts", "sdk", "trainer", "scripts", "test", "types"],
  ...["docs", "hardhat.config.ts", "package.json", ".mocharc.json"],
];

/** Copies the project into a new temporary folder, beside a link to its packages, and gives the folder. */
export async function copyProject(purpose: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `commonweight-${purpose}-`));
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
