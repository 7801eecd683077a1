import { execa } from "execa";

/** What a program did. */
export interface ProgramResult {
  /** Exit status; `undefined` where a signal ended it. */
  readonly status: number | undefined;
  /** Standard output alone. */
  readonly stdout: string;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly seconds: number;
}

export interface ProgramOptions {
  /** Where it runs. */
  readonly folder: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** After this long it is killed, with all that it started. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program without a shell, in a process group of its own, and collects what it prints. The group is killed when
 * this process exits.
 *
 * @throws where the program cannot be started
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
