import { execa } from "execa";

import { NODE_FLAGS } from "./node-flags.ts";
import type { ProgramOptions } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

/**
 * Runs a program on this process's terminal; its exit status becomes this process's.
 *
 * @throws where the program cannot be started
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

/** Runs a program of `test/`, which no program may import, on this process's terminal. */
export function runTestProgram(
  path: string,
  environment: Readonly<Record<string, string>> = {},
  programArguments: readonly string[] = [],
): Promise<void> {
  return runAttached(process.execPath, [...NODE_FLAGS, path, ...programArguments], { folder: ROOT, environment });
}
