import type { InstalledEngine, InstallRun } from "../../engine/native/install.ts";

/**
 * Installs tfjs-node into the user's folder of engines.
 *
 * @throws CommonweightError `ENGINE_INSTALL_*`; the signal's reason on abort
 */
export async function installEngine(run: InstallRun): Promise<InstalledEngine> {
  const { installTfjsNode } = await import("../../engine/native/install.ts");
  const { enginesFolder } = await import("../../engine/native/location.ts");
  return installTfjsNode(enginesFolder(), run);
}
