import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

const COPIED = ["contracts", "test/symbolic/halmos"];
const SOLC = join(ROOT, "tools/forge/solc.mjs");

/**
 * Loops with too many paths for a solver, cut to one step. The steps differ only in hashes, which the solver treats as
 * arbitrary values, so a proof for one step covers all.
 */
const SHORTENED = [{ file: "contracts/libraries/Shuffle.sol", from: "ROUNDS = 90;", to: "ROUNDS = 1;" }];

/**
 * Lays out the contracts and the checks as a Foundry project, with npm's compiler and without viaIR, whose code takes
 * solvers longer.
 *
 * @param folder an empty folder
 * @throws if a loop to shorten is not found
 */
export async function writeFoundryProject(folder: string): Promise<void> {
  for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const { file, from, to } of SHORTENED) replaceOnce(join(folder, file), from, to);
  writeFileSync(join(folder, "foundry.toml"), configuration());
}

function replaceOnce(path: string, from: string, to: string): void {
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`${path} has "${from}" ${parts.length - 1} times, not once`);
  writeFileSync(path, parts.join(to));
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
