import { spawn } from "node:child_process";
import { once } from "node:events";

import { forgeProgram } from "./forge-program.ts";
import { FORGE_FOLDER } from "./forge-workspace.ts";

/** What forge said and how it ended. */
export interface ForgeOutput {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Runs forge in its workspace.
 *
 * @param environment forge's settings by their names in the environment, and what the tests read there
 * @throws where no package holds a forge for this platform
 */
export async function runForge(
  forgeArguments: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ForgeOutput> {
  const forge = forgeProgram();
  if (forge === undefined) throw new Error(`there is no forge for ${process.platform} on ${process.arch}`);
  const child = spawn(forge, forgeArguments, {
    cwd: FORGE_FOLDER,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  process.off("exit", end);
  return { status, output: Buffer.concat(chunks).toString("utf8") };
}
