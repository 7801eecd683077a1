import { fileURLToPath } from "node:url";

import { NODE_FLAGS } from "./node-flags.ts";
import { runProgram, type ProgramResult } from "./run-program.ts";

/** This project's folder, where every tool runs. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a program of `node_modules` (its entry file, so that no shell and no PATH is asked) or of this project, and
 * collects what it prints.
 *
 * @param folder where it runs
 */
export function runTool(
  program: string,
  programArguments: readonly string[],
  folder: string = ROOT,
): Promise<ProgramResult> {
  return runProgram(process.execPath, [...NODE_FLAGS, program, ...programArguments], { folder });
}
