import { spawn, type ChildProcess } from "node:child_process";

/** What a program did. */
export interface ProgramResult {
  /** Exit status; `undefined` where it did not end by itself. */
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
  /** After this long it is ended, with all that it started. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program without a shell, in a process group of its own, and collects what it prints.
 *
 * @throws what `spawn` says of a program that cannot be started
 */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  { folder, environment = {}, timeoutMs }: ProgramOptions,
): Promise<ProgramResult> {
  const start = performance.now();
  const child = spawn(program, programArguments, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
    detached: true,
  });
  const stdout: Buffer[] = [];
  const both: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stdout.on("data", (chunk: Buffer) => both.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => both.push(chunk));
  const end = () => killGroup(child);
  process.once("exit", end);
  const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
  try {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? undefined));
    });
    return { status, stdout: textOf(stdout), output: textOf(both), seconds: (performance.now() - start) / 1000 };
  } finally {
    clearTimeout(timer);
    process.off("exit", end);
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
