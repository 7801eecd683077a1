import type { WriteStream } from "node:fs";

import { execa } from "execa";

import { NODE_FLAGS } from "../programs/node-flags.ts";
import { ROOT } from "../programs/run-tool.ts";
import { suiteMessage } from "./suite-message.ts";
import type { SuiteResult } from "../jobs/suite-result.ts";

/** A rejection that nobody handles becomes an exception that nobody caught, which fails the running test. */
const FLAGS = [...NODE_FLAGS, "--unhandled-rejections=strict"];
/** Time for a suite that is ended to end the process groups that it started. */
const GRACE_MS = 5_000;

export interface SuiteProcess {
  readonly name: string;
  /** Program that runs the suite and ends with `endSuite`. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** After this long the suite hangs, and is ended. */
  readonly timeoutMs: number;
  /** Where its output goes: this process's unless given; or an open file. */
  readonly output?: "inherit" | "ignore" | WriteStream;
}

/**
 * Runs a suite in a process of its own, with all that it starts in one process group, so that nothing outlives it.
 *
 * A suite that crashes, hangs, is killed or runs no test counts as one failure more.
 */
export async function runSuiteProcess(suite: SuiteProcess): Promise<SuiteResult> {
  const { name, timeoutMs, output = "inherit" } = suite;
  const child = execa(process.execPath, [...FLAGS, suite.program, ...suite.arguments], {
    cwd: ROOT,
    // A result recorded while suites run would differ from the page that they check.
    env: { NODE_ENV: "test", CW_RECORD: "0" },
    // Standard input stays empty: a suite that asks would wait for ever.
    stdio: ["ignore", output, output],
    ipc: true,
    timeout: timeoutMs,
    killDescendants: true,
    forceKillAfterDelay: GRACE_MS,
    reject: false,
  });
  try {
    const { timedOut, ipcOutput } = await child;
    return timedOut ? faulty(name, `it did not end within ${timeoutMs / 1000} s`) : resultOf(name, ipcOutput.at(-1));
  } finally {
    // What the suite started and left behind.
    child.kill("SIGKILL");
  }
}

function resultOf(name: string, message: unknown): SuiteResult {
  const parsed = suiteMessage.safeParse(message);
  if (!parsed.success) return faulty(name, "it ended before its tests did");
  const { passed, failed, skipped, files } = parsed.data;
  if (passed + failed > 0) return { name, passed, failed, skipped, ...(files !== undefined && { files }) };
  return { ...faulty(name, "it ran no test"), skipped };
}

function faulty(name: string, fault: string): SuiteResult {
  return { name, passed: 0, failed: 1, skipped: 0, fault };
}
