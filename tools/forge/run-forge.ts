import { runProgram, type ProgramResult } from "../programs/run-program.ts";
import { forgeProgram } from "./forge-program.ts";
import { FORGE_FOLDER } from "./forge-workspace.ts";

/**
 * Runs forge in its workspace.
 *
 * @param environment forge's settings by their names in the environment, and what the tests read there
 * @throws where no package holds a forge for this platform
 */
export async function runForge(
  forgeArguments: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const forge = forgeProgram();
  if (forge === undefined) throw new Error(`there is no forge for ${process.platform} on ${process.arch}`);
  return runProgram(forge, forgeArguments, { folder: FORGE_FOLDER, environment });
}
