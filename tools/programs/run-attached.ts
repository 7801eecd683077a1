import { execa } from "execa";

import { NODE_FLAGS } from "./node-flags.ts";
import type { ProgramOptions } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

/**
 * Runs a program with this process's stdin, stdout and stderr, and takes over its exit status.
 *
 * @throws if the program cannot be started
 */
export async function runAttached(
  program: string,
  programArguments: readonly string[],
  { folder, environment = {} }: Omit<ProgramOptions, "timeoutMs">,
): Promise<void> {
  const result = await execa(program, programArguments, {
    cwd: folder,
    env: environment,
    stdio: "inherit",
    reject: false,
  });
  if (result instanceof Error && result.exitCode === undefined && !result.isTerminated) throw result;
  process.exitCode = result.exitCode ?? 1;
}

/** Runs a test-only program, which must not be imported, in a child process and takes over its exit status. */
export function runTestProgram(
  path: string,
  environment: Readonly<Record<string, string>> = {},
  programArguments: readonly string[] = [],
): Promise<void> {
  return runAttached(process.execPath, [...NODE_FLAGS, path, ...programArguments], { folder: ROOT, environment });
}
