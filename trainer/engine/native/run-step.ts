import { execa } from "execa";

import { environmentOf, type InstallProgram } from "./environment.ts";
import { reasonIn } from "./reason-in.ts";

/** Time between SIGTERM and SIGKILL for a program that is to stop. */
const GRACE_MS = 2_000;
/** Time between two lines about a step that takes long. */
const TICK_MS = 10_000;

/** Prints one line of progress. */
export type Progress = (line: string) => void;

/** One program that the installation runs. */
export interface Step {
  readonly program: InstallProgram;
  /** Passed as they are: no shell reads them. */
  readonly arguments: readonly string[];
  /** Working directory. */
  readonly folder: string;
  /** What it does, for the lines of progress, such as `compiling`. */
  readonly title: string;
  /** After it the program and its descendants are killed. */
  readonly limitMinutes: number;
}

/** How a step ended. `reason` is one line for people. */
export type StepResult =
  | { readonly kind: "ok"; readonly output: string }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Runs a program to its end, without a shell and with an environment of what it needs only.
 *
 * @param path added in front of its PATH
 * @throws `signal.reason` on abort, once the program and its descendants have ended
 */
export async function runStep(step: Step, progress: Progress, signal: AbortSignal, path = ""): Promise<StepResult> {
  signal.throwIfAborted();
  progress(step.title);
  const start = performance.now();
  const tick = setInterval(
    () => progress(`${step.title}: ${((performance.now() - start) / 1_000).toFixed(0)} s`),
    TICK_MS,
  );
  try {
    const env = environmentOf(step.program);
    const result = await execa(step.program === "node" ? process.execPath : step.program, step.arguments, {
      cwd: step.folder,
      env: { ...env, PATH: `${path}${env["PATH"] ?? ""}` },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      timeout: step.limitMinutes * 60_000,
      cancelSignal: signal,
      killDescendants: true,
      forceKillAfterDelay: GRACE_MS,
      reject: false,
    });
    signal.throwIfAborted();
    if (!(result instanceof Error)) return { kind: "ok", output: result.all ?? "" };
    if (result.code === "ENOENT") return { kind: "missing" };
    if (result.timedOut) return { kind: "failed", reason: `it did not end within ${step.limitMinutes} minutes` };
    return { kind: "failed", reason: reasonIn(result.all ?? "") ?? result.message };
  } finally {
    clearInterval(tick);
  }
}
