import { execa } from "execa";

/** Result of a program's run. */
export interface ProgramResult {
  /** Exit status; `undefined` if a signal ended it. */
  readonly status: number | undefined;
  /** Standard output only. */
  readonly stdout: string;
  /** Standard output and standard error, interleaved. */
  readonly output: string;
  readonly seconds: number;
}

export interface ProgramOptions {
  /** Working directory. */
  readonly folder: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Time limit: after it the program and its descendants are killed. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program without a shell, in its own process group, and collects its output. The group is killed when this
 * process exits.
 *
 * @throws if the program cannot be started
 */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  { folder, environment = {}, timeoutMs = 0 }: ProgramOptions,
): Promise<ProgramResult> {
  const result = await execa(program, programArguments, {
    cwd: folder,
    env: environment,
    stdin: "ignore",
    all: true,
    stripFinalNewline: false,
    maxBuffer: Number.MAX_SAFE_INTEGER,
    timeout: timeoutMs,
    killDescendants: true,
    killSignal: "SIGKILL",
    reject: false,
  });
  if (result instanceof Error && result.exitCode === undefined && !result.isTerminated) throw result;
  return { status: result.exitCode, stdout: result.stdout, output: result.all, seconds: result.durationMs / 1000 };
}
