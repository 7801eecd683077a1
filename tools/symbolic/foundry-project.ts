import { symlinkSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

const COPIED = ["contracts", "test/symbolic/halmos"];
const SOLC = join(ROOT, "tools/forge/solc.mjs");

/**
 * Lays out the contracts and the checks as a Foundry project, with npm's compiler and without viaIR, whose code takes
 * solvers longer.
 *
 * @param folder an empty folder
 */
export async function writeFoundryProject(folder: string): Promise<void> {
  for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "foundry.toml"), configuration());
}

function configuration(): string {
  return `[profile.default]
src = "test/symbolic/halmos"
test = "test/symbolic/halmos"
out = "out"
libs = []
allow_paths = [${JSON.stringify(ROOT)}]
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
auto_detect_remappings = false
offline = true
solc = ${JSON.stringify(SOLC)}
evm_version = "cancun"
optimizer = true
optimizer_runs = 200
`;
}
