import { isError } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import { toJson } from "./print-result.ts";

/** Exit statuses: an error that the user can fix, and a defect of this program. */
const FAILED = 1;
const DEFECT = 70;

/** Hints for file system errors, by error code. */
const FILE_REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, then run the command again; files already written are kept.",
  EDQUOT: "The disk quota is used up: free some space, then run the command again.",
  EACCES: "Use another folder, or get permission for this one.",
  EPERM: "Use another folder, or get permission for this one.",
  EROFS: "The disk is read-only: use another folder.",
  ENOENT: "Check the path: a part of it does not exist.",
  ENOTDIR: "Check the path: a part of it is a file, not a folder.",
  EISDIR: "Check the path: it is a folder, not a file.",
  EEXIST: "Check the path: it exists already.",
  EIO: "The disk or mount does not answer: check it.",
  ESTALE: "The network mount is stale: mount it again.",
  ENAMETOOLONG: "Use a shorter name.",
  ELOOP: "Check the path: its symbolic links go in a circle.",
  EMFILE: "Too many files are open: raise the limit (ulimit -n).",
};

/** Prints an error and its hint to standard error; returns the exit status. */
export function reportError(error: unknown, json = false): number {
  const known = error instanceof CommonweightError ? error : (fileError(error) ?? contractAnswerError(error));
  if (known !== undefined) {
    const { code, message, hint, amounts } = known;
    process.stderr.write(
      json ? `${toJson({ error: code, message, hint, amounts })}\n` : `error ${code}: ${message}\n  ${hint}\n`,
    );
    return FAILED;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = "this is a defect of the program";
  process.stderr.write(
    json
      ? `${JSON.stringify({ error: "INTERNAL", message, hint: "Please report it with its detail.", detail })}\n`
      : `error INTERNAL: ${message}; please report it with these lines\n${detail}\n`,
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

/** Error for a read that reverted or could not be decoded: the address is not the expected contract. */
function contractAnswerError(error: unknown): CommonweightError | undefined {
  if (!isError(error, "CALL_EXCEPTION") && !isError(error, "BAD_DATA")) return undefined;
  return new CommonweightError(
    "CONTRACT_ANSWER",
    `a contract call failed or returned unexpected data: ${error.shortMessage}`,
    "Check that the token is an ERC-20 token, and that --deployment belongs to this chain.",
    { cause: error },
  );
}
