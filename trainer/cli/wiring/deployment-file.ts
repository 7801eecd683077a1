import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { parseDeployment, serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";
import { decodeText } from "@commonweight/sdk/decode-text";
import { CommonweightError } from "@commonweight/sdk/errors";

import { makeFolder } from "../../make-folder.ts";

/**
 * Reads a deployment file, which has the contracts' addresses.
 *
 * @throws DEPLOYMENT_MISSING · DEPLOYMENT_INVALID
 */
export async function readDeployment(path: string): Promise<Deployment> {
  const text = decodeText(await readBytes(path));
  if (text !== undefined) return parseDeployment(text, path);
  throw new CommonweightError("DEPLOYMENT_INVALID", `${path} is not UTF-8`, "Save the deployment file as UTF-8.");
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
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
  makeFolder(dirname(path));
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
