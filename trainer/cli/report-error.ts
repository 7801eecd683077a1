import { CommonweightError } from "../../sdk/errors.ts";

/** Exit statuses: a user can act on the first; the second is this program's fault. */
const FAILED = 1;
const DEFECT = 70;

/** Tells the user what went wrong and what to do, on standard error; gives the exit status. */
export function reportError(error: unknown): number {
  if (error instanceof CommonweightError) {
    process.stderr.write(`error ${error.code}: ${error.message}\n  ${error.hint}\n`);
    return FAILED;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `error INTERNAL: this is a defect of the program; please report it with these lines\n${detail}\n`,
  );
  return DEFECT;
}
