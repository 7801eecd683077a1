import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../run-tool.ts";

/** Lets forge build and test the copy of the project in `folder` as Hardhat does: the same compiler and settings. */
export function writeForgeConfig(folder: string): void {
  const config = `[profile.default]
src = "contracts"
test = "test/contracts"
libs = ["node_modules"]
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
solc = "${join(ROOT, "scripts/forge/solc.mjs")}"
offline = true
# Tests take contracts as they are built, and do not hold their code: that would be compiled again for each.
dynamic_test_linking = true
via_ir = true
optimizer = true
optimizer_runs = 200
evm_version = "cancun"
fs_permissions = [{ access = "write", path = "." }]
# Histories take more gas and memory than forge allows a test unless told.
gas_limit = "18446744073709551615"
memory_limit = 536870912

[profile.default.invariant]
runs = 48
depth = 64
# Handlers do what the rules allow: a call that fails is a finding.
fail_on_revert = true
show_metrics = false

[lint]
lint_on_build = false
`;
  writeFileSync(join(folder, "foundry.toml"), config);
}
