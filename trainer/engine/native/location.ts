import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import envPaths from "env-paths";

import packages from "./packages.json" with { type: "json" };

/** Version of `@tensorflow/tfjs-node` that this program installs and loads. */
export const TFJS_NODE_VERSION = packages.dependencies["@tensorflow/tfjs-node"];

/**
 * Folder of installed engines: `COMMONWEIGHT_ENGINE_DIR`, else a folder of the user's data where the platform keeps it.
 *
 * An engine belongs to the machine and the user, not to an account or a job, so it is not below `--data-dir`.
 */
export function enginesFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env["COMMONWEIGHT_ENGINE_DIR"];
  if (named !== undefined && named !== "") return resolve(named);
  return join(envPaths("commonweight", { suffix: "" }).data, "engines");
}

/** Folder of the installed tfjs-node, complete if it exists. Its name has all that native code depends on. */
export function tfjsNodeFolder(engines: string = enginesFolder()): string {
  return join(engines, `tfjs-node-${TFJS_NODE_VERSION}-${process.platform}-${process.arch}`);
}

/** Folder of the installed tfjs-node; `undefined` if it is not installed. */
export function installedTfjsNode(engines: string = enginesFolder()): string | undefined {
  const folder = tfjsNodeFolder(engines);
  return existsSync(folder) ? folder : undefined;
}
