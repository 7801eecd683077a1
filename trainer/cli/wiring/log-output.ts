import { writeSync } from "node:fs";

/** How long a full pipe is waited for before a line is dropped, in milliseconds. */
const FULL_PIPE_MS = 200;
const PAUSE_MS = 5;

/** Writes part of a text to a file descriptor; returns the number of bytes written. */
type Write = (bytes: Uint8Array) => number;

/**
 * A log's output that never ends its worker. A line that cannot be written (full disk, closed pipe, removed mount) is
 * dropped: the first time with a warning on standard error. Once lines can be written again, one says how many are
 * missing.
 */
export class LogOutput {
  readonly #write: Write;
  readonly #warn: (text: string) => void;
  #dropped = 0;
  #hasWarned = false;

  constructor(write: Write, warn: (text: string) => void) {
    this.#write = write;
    this.#warn = warn;
  }

  write(line: string): void {
    const missing = this.#dropped;
    const note = missing === 0 ? "" : `${JSON.stringify({ level: 40, msg: "log lines were dropped", missing })}\n`;
    try {
      // A pipe that was full before is not waited for again: its reader is stuck, and the work is not.
      writeAll(this.#write, Buffer.from(`${note}${line}`), missing === 0 ? FULL_PIPE_MS : 0);
      this.#dropped -= missing;
    } catch (error) {
      this.#dropped++;
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(`the log cannot be written (${reason}): its lines are dropped, and the work goes on\n`);
    }
  }
}

/** Opens the log's output on a file descriptor. */
export function openLogOutput(descriptor: number): LogOutput {
  return new LogOutput(
    (bytes) => writeSync(descriptor, bytes),
    (text) => {
      try {
        writeSync(2, text);
      } catch {
        // Standard error cannot be written either: nobody is left to be told.
      }
    },
  );
}

function writeAll(write: Write, bytes: Buffer, patienceMs: number): void {
  const end = performance.now() + patienceMs;
  for (let rest = bytes; rest.length > 0;) {
    try {
      rest = rest.subarray(write(rest));
    } catch (error) {
      if (!isFullPipe(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

function isFullPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
