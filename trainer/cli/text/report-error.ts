import { isError } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";

/** Exit statuses: a user can act on the first; the second is this program's fault. */
const FAILED = 1;
const DEFECT = 70;

/** What the file system refuses, and what a user can do about it. */
const FILE_REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room, then run the command again; what was written is kept.",
  EDQUOT: "The disk quota is used up: make room, then run the command again.",
  EACCES: "Give another folder, or the right to use this one.",
  EPERM: "Give another folder, or the right to use this one.",
  EROFS: "The disk is read-only: give another folder.",
  ENOENT: "Check the path: a part of it is not there.",
  ENOTDIR: "Check the path: a part of it is a file.",
  EISDIR: "Check the path: it is a folder.",
  EEXIST: "Check the path: something else is there.",
  EMFILE: "Too many files are open: raise the limit (ulimit -n).",
};

/** Tells the user what went wrong and what to do, on standard error; gives the exit status. */
export function reportError(error: unknown, json = false): number {
  const known = error instanceof CommonweightError ? error : (fileError(error) ?? contractAnswerError(error));
  if (known !== undefined) {
    const { code, message, hint } = known;
    process.stderr.write(
      json ? `${JSON.stringify({ error: code, message, hint })}\n` : `error ${code}: ${message}\n  ${hint}\n`,
    );
    return FAILED;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `error INTERNAL: this is a defect of the program; please report it with these lines\n${detail}\n`,
  );
  return DEFECT;
}

function fileError(error: unknown): CommonweightError | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const hint = FILE_REFUSALS[error.code];
  return hint === undefined
    ? undefined
    : new CommonweightError(`FILE_${error.code}`, error.message, hint, { cause: error });
}

/** A contract that was read reverted or answers in another form: it is not what it is taken for. */
function contractAnswerError(error: unknown): CommonweightError | undefined {
  if (!isError(error, "CALL_EXCEPTION") && !isError(error, "BAD_DATA")) return undefined;
  return new CommonweightError(
    "CONTRACT_ANSWER",
    `a contract does not answer as expected: ${error.shortMessage}`,
    "Check that the token is an ERC-20 token, and that --deployment belongs to this chain.",
    { cause: error },
  );
}
