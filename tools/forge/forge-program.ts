import { foundryProgram } from "./foundry-program.ts";

/** Returns the path of the native forge binary; `undefined` if there is none for this platform. */
export function forgeProgram(): string | undefined {
  return foundryProgram("forge");
}
