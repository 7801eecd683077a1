import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { NODE_FLAGS } from "./node-flags.ts";

/** This project's folder, where every tool runs. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a tool did. */
export interface ToolResult {
  /** Exit status; `undefined` where it did not end by itself. */
  readonly status: number | undefined;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a program of `node_modules` (its entry file, so that no shell and no PATH is asked) or of this project, and collects
 * what it prints.
 *
 * @param folder where it runs
 */
export async function runTool(
  program: string,
  programArguments: readonly string[],
  folder: string = ROOT,
): Promise<ToolResult> {
  const start = performance.now();
  const child = spawn(process.execPath, [...NODE_FLAGS, program, ...programArguments], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const status = await new Promise<number | undefined>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? undefined));
  });
  return { status, output: Buffer.concat(chunks).toString("utf8"), seconds: (performance.now() - start) / 1000 };
}
