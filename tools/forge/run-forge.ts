import { runProgram, type ProgramResult } from "../programs/run-program.ts";
import { forgeProgram } from "./forge-program.ts";
import { FORGE_FOLDER } from "./forge-workspace.ts";

/**
 * Runs forge in its workspace.
 *
 * @param environment forge's settings, and variables that the tests read
 * @throws if there is no forge package for this platform
 */
export async function runForge(
  forgeArguments: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const forge = forgeProgram();
  if (forge === undefined) throw new Error(`no forge package for ${process.platform} on ${process.arch}`);
  return runProgram(forge, forgeArguments, { folder: FORGE_FOLDER, environment });
}
