import { fileURLToPath } from "node:url";

import { NODE_FLAGS } from "./node-flags.ts";
import { runProgram, type ProgramResult } from "./run-program.ts";

/** The project's root folder, and default working directory of tools. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a JavaScript or TypeScript program of `node_modules` or of this project with this Node, without a shell and
 * without the PATH, and collects its output.
 *
 * @param folder working directory
 */
export function runTool(
  program: string,
  programArguments: readonly string[],
  folder: string = ROOT,
): Promise<ProgramResult> {
  return runProgram(process.execPath, [...NODE_FLAGS, program, ...programArguments], { folder });
}
