import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { parseDeployment, serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";

/**
 * Reads where the contracts stand.
 *
 * @throws DEPLOYMENT_MISSING · DEPLOYMENT_INVALID
 */
export async function readDeployment(path: string): Promise<Deployment> {
  try {
    return parseDeployment(await readFile(path, "utf8"), path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT")) throw cause;
    throw new CommonweightError(
      "DEPLOYMENT_MISSING",
      `there is no deployment ${path}`,
      "Name a deployment's file with --deployment; in the repository, `npm run deploy` writes one.",
      { cause },
    );
  }
}

/**
 * Writes where the contracts stand.
 *
 * @param overwrite what happens to a file that is there already
 * @throws DEPLOYMENT_EXISTS
 */
export async function writeDeployment(path: string, deployment: Deployment, overwrite: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, serialiseDeployment(deployment), { flag: overwrite ? "w" : "wx" });
  } catch (cause) {
    if (!hasCode(cause, "EEXIST")) throw cause;
    throw deploymentExists(path, cause);
  }
}

/** What is thrown rather than overwriting a deployment. */
export function deploymentExists(path: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "DEPLOYMENT_EXISTS",
    `${path} exists already`,
    "Keep it, or pass --force: jobs of the old contracts are then found under the old file only.",
    { cause },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
