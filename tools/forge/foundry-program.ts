import { existsSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Gives the path of one of Foundry's own programs, or nothing where no package holds one for this platform.
 *
 * Not the package's JavaScript command: forge's ends with 0 when tests fail.
 */
export function foundryProgram(name: "anvil" | "forge"): string | undefined {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const program = process.platform === "win32" ? `${name}.exe` : name;
  const path = join(ROOT, `node_modules/@foundry-rs/${name}-${process.platform}-${architecture}/bin`, program);
  return existsSync(path) ? path : undefined;
}
