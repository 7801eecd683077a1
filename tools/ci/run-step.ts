import { readFileSync } from "node:fs";

import { execa } from "execa";

import { ROOT } from "../programs/run-tool.ts";
import type { OutputFile } from "../jobs/schedule.ts";
import { faultyResult, parseTotalLine, type SuiteResult } from "../jobs/suite-result.ts";

/** A command whose last line is `N passed, N failed[, N skipped]`. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Time limit: after it the step counts as failed, and its whole process group is ended. */
  readonly limitMinutes: number;
  /** Whether only the exit status counts: status 0 is one test passed. */
  readonly countsByStatus?: boolean;
}

const MINUTE_MS = 60_000;
/** Time that a step gets to end its own child process groups. */
const GRACE_MS = 10_000;

/**
 * Runs a step in its own process group.
 *
 * A step that hangs, crashes, prints no counts, or exits with a status that contradicts its counts is one failure.
 *
 * @param graceMs time between SIGTERM and SIGKILL
 * @throws if the command cannot be started
 */
export async function runStep(step: Step, { path, stream }: OutputFile, graceMs = GRACE_MS): Promise<SuiteResult> {
  const [program, ...programArguments] = step.command;
  const child = execa(program, programArguments, {
    cwd: ROOT,
    stdio: ["ignore", stream, stream],
    timeout: step.limitMinutes * MINUTE_MS,
    killDescendants: true,
    forceKillAfterDelay: graceMs,
    reject: false,
  });
  try {
    const result = await child;
    if (result.timedOut) return faultyResult(step.name, `it did not end within ${step.limitMinutes} minutes`);
    if (result instanceof Error && result.exitCode === undefined && !result.isTerminated) throw result;
    return resultOf(step, result.exitCode, readFileSync(path, "utf8"));
  } finally {
    // Kills processes that the step left behind.
    child.kill("SIGKILL");
  }
}

function resultOf(step: Step, status: number | undefined, output: string): SuiteResult {
  const { name } = step;
  const ended = `exit status ${status ?? "none"}`;
  if (step.countsByStatus === true) {
    return status === 0 ? { name, passed: 1, failed: 0, skipped: 0 } : faultyResult(step.name, ended);
  }
  const counts = parseTotalLine(output.trimEnd().split("\n").at(-1) ?? "");
  if (counts === undefined) return faultyResult(step.name, `it printed no counts in its last line (${ended})`);
  if (status !== 0 && counts.failed === 0)
    return { name, ...counts, failed: 1, fault: `${ended}, though nothing failed` };
  if (counts.passed + counts.failed + counts.skipped === 0) return faultyResult(step.name, "it ran nothing");
  return { name, ...counts };
}
