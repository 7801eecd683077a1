import type { WriteStream } from "node:fs";

import { execa } from "execa";

import { NODE_FLAGS } from "../programs/node-flags.ts";
import { ROOT } from "../programs/run-tool.ts";
import { suiteMessage } from "./suite-message.ts";
import { faultyResult, type SuiteResult } from "../jobs/suite-result.ts";

/** An unhandled rejection becomes an uncaught exception, which fails the running test. */
const FLAGS = [...NODE_FLAGS, "--unhandled-rejections=strict"];
/** Time that a suite gets to end its own child process groups. */
const GRACE_MS = 5_000;

export interface SuiteProcess {
  readonly name: string;
  /** Program that runs the suite and ends with `endSuite`. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** Time limit: after it the suite counts as hung and is ended. */
  readonly timeoutMs: number;
  /** Path of the Node to run it; default this process's. */
  readonly node?: string;
  /** Destination of its output; default this process's. */
  readonly output?: "inherit" | "ignore" | WriteStream;
}

/**
 * Runs a suite in its own process group, so that no descendant outlives it.
 *
 * A suite that crashes, hangs, is killed or runs no test counts as one failure.
 */
export async function runSuiteProcess(suite: SuiteProcess): Promise<SuiteResult> {
  const { name, timeoutMs, node = process.execPath, output = "inherit" } = suite;
  const child = execa(node, [...FLAGS, suite.program, ...suite.arguments], {
    cwd: ROOT,
    // Tests check docs/evidence.md, so gates must not record results meanwhile.
    env: { NODE_ENV: "test", CW_RECORD: "0" },
    // No standard input: a suite that reads it would wait for ever.
    stdio: ["ignore", output, output],
    ipc: true,
    timeout: timeoutMs,
    killDescendants: true,
    forceKillAfterDelay: GRACE_MS,
    reject: false,
  });
  try {
    const { timedOut, ipcOutput } = await child;
    return timedOut
      ? faultyResult(name, `it did not end within ${timeoutMs / 1000} s`)
      : resultOf(name, ipcOutput.at(-1));
  } finally {
    // Kills processes that the suite left behind.
    child.kill("SIGKILL");
  }
}

function resultOf(name: string, message: unknown): SuiteResult {
  const parsed = suiteMessage.safeParse(message);
  if (!parsed.success) return faultyResult(name, "it ended before its tests did");
  const { passed, failed, skipped, files } = parsed.data;
  if (passed + failed > 0) return { name, passed, failed, skipped, ...(files !== undefined && { files }) };
  return { ...faultyResult(name, "it ran no test"), skipped };
}
