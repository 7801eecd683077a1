import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentId } from "@commonweight/sdk/protocol/content-id";

const DISK_FULL_CODES = new Set(["ENOSPC", "EDQUOT"]);

/** No peer served the content before the timeout. */
export function contentUnavailable(id: ContentId, timeoutMs: number, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_UNAVAILABLE",
    `no connected peer served ${id} within ${timeoutMs} ms`,
    "Check the bootstrap addresses and that its publisher is still running; then try again.",
    { cause },
  );
}

/** The served blocks are not a UnixFS file of this project's profile, or do not match the id. */
export function contentCorrupt(id: ContentId, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_CORRUPT",
    `${id} is not a file of this project: ${reason}`,
    "It was published wrongly and cannot be repaired here. Its publisher can publish it again with this program.",
    { cause },
  );
}

/** The content is larger than the reader's limit. */
export function contentTooLarge(id: ContentId, maxBytes: number): CommonweightError {
  return new CommonweightError(
    "CONTENT_TOO_LARGE",
    `${id} is larger than the limit of ${maxBytes} bytes`,
    "Nothing was stored. If you set the limit, raise it; if the job set it, the publisher broke the specification.",
  );
}

/** The id does not have this project's form. */
export function contentIdInvalid(id: string): CommonweightError {
  return new CommonweightError(
    "CONTENT_ID_INVALID",
    `not a content id of this project: ${id.slice(0, 100)}`,
    "Use a CIDv1 with the dag-pb codec and sha2-256 in base32, as `commonweight data pack` prints it.",
  );
}

/** The content store was closed before or during the call. */
export function contentClosed(): CommonweightError {
  return new CommonweightError(
    "CONTENT_CLOSED",
    "the content store is closed",
    "The worker is shutting down; start it again.",
  );
}

/** Returns `CONTENT_DISK_FULL` for a full disk or quota, and any other error unchanged. */
export function diskError(cause: unknown): unknown {
  return isDiskFull(cause) ? diskFull("Free space on the disk with the worker's folder.", cause) : cause;
}

/** There is no space for more content. */
export function diskFull(hint: string, cause: unknown): CommonweightError {
  return new CommonweightError("CONTENT_DISK_FULL", "no space left for content", hint, { cause });
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && DISK_FULL_CODES.has(String(cause.code));
}
