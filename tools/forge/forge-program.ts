import { existsSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Returns the path of the native forge binary; `undefined` if there is none for this platform.
 *
 * The package's JavaScript command is not used, because it exits with 0 when tests fail.
 */
export function forgeProgram(): string | undefined {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const program = process.platform === "win32" ? "forge.exe" : "forge";
  const path = join(ROOT, `node_modules/@foundry-rs/forge-${process.platform}-${architecture}/bin`, program);
  return existsSync(path) ? path : undefined;
}
