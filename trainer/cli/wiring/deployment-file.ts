import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { parseDeployment, serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";

/**
 * Reads a deployment file, which has the contracts' addresses.
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
      `deployment file ${path} does not exist`,
      "Pass a deployment file with --deployment; `commonweight chain` writes one, and so does `npm run deploy`.",
      { cause },
    );
  }
}

/**
 * Writes a deployment file.
 *
 * @param overwrite whether to replace an existing file
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

/** The error for an existing deployment file. */
export function deploymentExists(path: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "DEPLOYMENT_EXISTS",
    `${path} exists already`,
    "Keep it, or pass --force to overwrite it; back it up first: the old contracts' jobs need the old file.",
    { cause },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
