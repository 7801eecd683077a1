// Runs a Node program in place of this one. Plain JavaScript, for Node 18 and later.

import { spawn } from "node:child_process";

/** Signals that end a worker cleanly. The terminal sends SIGINT to the child itself. */
const FORWARDED = ["SIGTERM", "SIGHUP"];

/**
 * Runs a program with this process's input and output, and exits with its status.
 *
 * @param {string} node path of the Node binary
 * @param {readonly string[]} programArguments flags, program and arguments
 * @param {Readonly<Record<string, string | undefined>>} environment variables added to this process's
 * @returns {Promise<never>}
 */
export function runNode(node, programArguments, environment) {
  const child = spawn(node, programArguments, { stdio: "inherit", env: { ...process.env, ...environment } });
  process.on("SIGINT", () => {});
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  return new Promise((_, reject) => {
    child.on("error", reject);
    child.on("close", (status) => process.exit(status ?? 1));
  });
}
