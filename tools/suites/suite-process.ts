import { spawn, type ChildProcess } from "node:child_process";

import { NODE_FLAGS } from "../programs/node-flags.ts";
import { ROOT } from "../programs/run-tool.ts";
import { suiteMessage } from "./suite-message.ts";
import type { SuiteResult } from "./suite-result.ts";

/** A rejection that nobody handles becomes an exception that nobody caught, which fails the running test. */
const FLAGS = [...NODE_FLAGS, "--unhandled-rejections=strict"];

export interface SuiteProcess {
  readonly name: string;
  /** Program that runs the suite and ends with `endSuite`. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** After this long the suite hangs, and is ended. */
  readonly timeoutMs: number;
  /** Where its output goes; to this process's unless given. */
  readonly output?: "inherit" | "ignore";
}

/**
 * Runs a suite in a process of its own, with all that it starts in one process group, so that nothing outlives it.
 *
 * A suite that crashes, hangs, is killed or runs no test counts as one failure more.
 */
export async function runSuiteProcess(suite: SuiteProcess): Promise<SuiteResult> {
  const { name, timeoutMs, output = "inherit" } = suite;
  const child = spawn(process.execPath, [...FLAGS, suite.program, ...suite.arguments], {
    cwd: ROOT,
    // Standard input stays empty: a suite that asks would wait for ever.
    stdio: ["ignore", output, output, "ipc"],
    detached: true,
    env: { ...process.env, NODE_ENV: "test" },
  });
  const killAll = () => killGroup(child);
  process.once("exit", killAll);
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    killAll();
  }, timeoutMs);
  try {
    const message = await lastMessage(child);
    return hangs ? faulty(name, `it did not end within ${timeoutMs / 1000} s`) : resultOf(name, message);
  } finally {
    clearTimeout(timer);
    process.off("exit", killAll);
    killAll();
  }
}

function lastMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let message: unknown;
    child.on("message", (value) => (message = value));
    child.on("error", reject);
    child.on("close", () => resolve(message));
  });
}

function resultOf(name: string, message: unknown): SuiteResult {
  const parsed = suiteMessage.safeParse(message);
  if (!parsed.success) return faulty(name, "it ended before its tests did");
  const { passed, failed, skipped } = parsed.data;
  if (passed + failed > 0) return { name, passed, failed, skipped };
  return { ...faulty(name, "it ran no test"), skipped };
}

function faulty(name: string, fault: string): SuiteResult {
  return { name, passed: 0, failed: 1, skipped: 0, fault };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is gone already: that is what is wanted.
  }
}
