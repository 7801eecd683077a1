import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentId } from "@commonweight/sdk/protocol/content-id";

const DISK_FULL_CODES = new Set(["ENOSPC", "EDQUOT"]);

/** Nobody served the content in the time given. */
export function contentUnavailable(id: ContentId, timeoutMs: number, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_UNAVAILABLE",
    `no connected peer served ${id} within ${timeoutMs} ms`,
    "Check the bootstrap addresses and that whoever published it is still running; then try again.",
    { cause },
  );
}

/** What was served is not a UnixFS file of this project's profile, or not the one that the id names. */
export function contentCorrupt(id: ContentId, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_CORRUPT",
    `${id} is not a file of this project: ${reason}`,
    "Its publisher made it wrongly; there is nothing to repair here. Publish the bytes again with this program.",
    { cause },
  );
}

/** The content is larger than the reader's limit. */
export function contentTooLarge(id: ContentId, maxBytes: number): CommonweightError {
  return new CommonweightError(
    "CONTENT_TOO_LARGE",
    `${id} is larger than the limit of ${maxBytes} bytes`,
    "Nothing was kept. If the limit is yours, raise it; if it is the job's, the publisher broke the specification.",
  );
}

/** The id is not one that this project writes. */
export function contentIdInvalid(id: string): CommonweightError {
  return new CommonweightError(
    "CONTENT_ID_INVALID",
    `not a content id of this project: ${id.slice(0, 100)}`,
    "Use a CIDv1 with the dag-pb codec and sha2-256 in base32, as `commonweight data pack` prints it.",
  );
}

/** The content store was closed while, or before, it was asked. */
export function contentClosed(): CommonweightError {
  return new CommonweightError(
    "CONTENT_CLOSED",
    "the content store is closed",
    "The worker is shutting down; start it again.",
  );
}

/** Gives `CONTENT_DISK_FULL` for a full disk or quota, and any other failure unchanged. */
export function diskError(cause: unknown): unknown {
  if (!isDiskFull(cause)) return cause;
  return new CommonweightError(
    "CONTENT_DISK_FULL",
    "no space left for content",
    "Free space on the disk that holds the worker's folder, or drop contents that are no longer needed.",
    { cause },
  );
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && DISK_FULL_CODES.has(String(cause.code));
}
