// Runs a Node program in place of this one. Plain JavaScript, for Node 18 and later.

import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Signals that end a worker in order. A terminal sends SIGINT to the child as well, which counts it once. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];
/** By shell convention, a process that a signal ended has this exit status, plus the signal's number. */
const SIGNALLED = 128;

/**
 * Runs a program with this process's input and output, and exits with its status.
 *
 * @param {string} node path of the Node binary
 * @param {readonly string[]} programArguments flags, program and arguments
 * @param {Readonly<Record<string, string | undefined>>} environment variables added to this process's
 * @returns {Promise<never>}
 */
export async function runNode(node, programArguments, environment) {
  const options = { stdio: "inherit", env: { ...process.env, ...environment } };
  process.exit(await runChild(spawn(node, programArguments, options)));
}

/**
 * Waits for a child process and hands on signals to it, so that none lives on without this process. Returns its exit
 * status: 128 and the signal's number if a signal ended it.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>}
 */
export async function runChild(child) {
  const forward = (signal) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status, signal) => resolve(status ?? SIGNALLED + constants.signals[signal]));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
