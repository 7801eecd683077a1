import { foundryProgram } from "./foundry-program.ts";

/** Gives forge's own program, or nothing where no package holds one for this platform. */
export function forgeProgram(): string | undefined {
  return foundryProgram("forge");
}
