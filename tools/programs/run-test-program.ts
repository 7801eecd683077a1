import { spawnSync } from "node:child_process";

import { NODE_FLAGS } from "./node-flags.ts";
import { ROOT } from "./run-tool.ts";

/**
 * Runs a program of `test/` in a process of its own, for nothing that is made for tests is imported by a program, and ends
 * as it does.
 */
export function runTestProgram(path: string, ...programArguments: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [...NODE_FLAGS, path, ...programArguments], {
    cwd: ROOT,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
