import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

/** Lets forge build and test the copy of the project in `folder` as Hardhat does: the same compiler and settings. */
export function writeForgeConfig(folder: string): void {
  const config = `[profile.default]
src = "test/contracts"
test = "test/contracts"
libs = ["node_modules"]
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
solc = "${join(ROOT, "tools/forge/solc.mjs")}"
offline = true
# Tests take contracts as they are built, and do not hold their code: that would be compiled again for each.
dynamic_test_linking = true
via_ir = false
optimizer = true
optimizer_runs = 200
evm_version = "cancun"
fs_permissions = [{ access = "read-write", path = "." }]
# Histories take more gas and memory than forge allows a test unless told.
gas_limit = "18446744073709551615"
memory_limit = 536870912

[profile.default.invariant]
# Handlers do what the rules allow: a call that fails is a finding.
fail_on_revert = true
# Books are checked after every fourth call and at the end; each action's own effect after each.
check_interval = 4
# Seeds of handlers are any numbers: what was seen before makes none of them better.
dictionary_weight = 0
include_storage = false
include_push_bytes = false
shrink_run_limit = 100
show_metrics = false

[lint]
lint_on_build = false
`;
  writeFileSync(join(folder, "foundry.toml"), config);
}
