import { readFileSync, rmSync, writeFileSync } from "node:fs";

// A note beside a journal of who has locked it. Only messages use it: SQLite's lock alone decides.

/** Notes that this process has locked the journal. */
export function noteHolder(path: string): void {
  writeFileSync(noteOf(path), String(process.pid), { mode: 0o600 });
}

/** Removes the note. */
export function forgetHolder(path: string): void {
  rmSync(noteOf(path), { force: true });
}

/** The id of the process that noted that it has the journal; `undefined` if there is no such note, or it has ended. */
export function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(noteOf(path), "utf8"));
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
    // Signal 0 only asks if the process exists.
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // A holder of another user, or one that has just ended or began: the message does without its id.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function noteOf(path: string): string {
  return `${path}.pid`;
}
