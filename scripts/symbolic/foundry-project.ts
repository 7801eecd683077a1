import { chmodSync, existsSync, symlinkSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ROOT } from "../run-tool.ts";

const COPIED = ["contracts", "test/symbolic/halmos"];
const SOLC = fileURLToPath(new URL("solc-program.mjs", import.meta.url));
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Gives the folder of forge's program for this platform; npm's JavaScript shim hides failures. */
export function forgeFolder(): string | undefined {
  const name = `forge-${platform()}-${ARCHITECTURES[arch()] ?? arch()}`;
  const folder = join(ROOT, "node_modules/@foundry-rs", name, "bin");
  return existsSync(join(folder, "forge")) ? dirname(join(folder, "forge")) : undefined;
}

/**
 * Lays out the contracts and the checks as forge wants them. The compiler is npm's; without viaIR, whose code takes a solver
 * longer to follow.
 *
 * @param folder is empty
 */
export async function writeFoundryProject(folder: string): Promise<void> {
  for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const solc = join(folder, "solc");
  writeFileSync(solc, `#!/bin/sh\nexec '${process.execPath}' '${SOLC}' "$@"\n`);
  chmodSync(solc, 0o755);
  writeFileSync(join(folder, "foundry.toml"), configuration(solc));
}

function configuration(solc: string): string {
  return `[profile.default]
src = "test/symbolic/halmos"
test = "test/symbolic/halmos"
out = "out"
libs = []
allow_paths = [${JSON.stringify(ROOT)}]
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
auto_detect_remappings = false
offline = true
solc = ${JSON.stringify(solc)}
evm_version = "cancun"
optimizer = true
optimizer_runs = 200
`;
}
