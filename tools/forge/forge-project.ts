import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

/** Writes foundry.toml, with Hardhat's compiler and settings, into the project's copy in `folder`. */
export function writeForgeConfig(folder: string): void {
  const config = `[profile.default]
src = "test/contracts"
test = "test/contracts"
libs = ["node_modules"]
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
solc = "${join(ROOT, "tools/forge/solc.mjs")}"
offline = true
# Tests load the built contracts instead of embedding their code, which would recompile it for each test.
dynamic_test_linking = true
via_ir = false
optimizer = true
optimizer_runs = 200
evm_version = "cancun"
fs_permissions = [{ access = "read-write", path = "." }]
# Histories exceed forge's default limits of gas and memory.
gas_limit = "18446744073709551615"
memory_limit = 536870912

[profile.default.invariant]
# Handlers only make valid calls, so a revert is a finding.
fail_on_revert = true
# Invariants are checked after every fourth call and at the end; each action checks its own effect.
check_interval = 4
# Handlers take arbitrary seeds, so a dictionary of earlier values is useless.
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
