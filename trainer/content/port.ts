import type { ContentId } from "@commonweight/sdk/protocol/content-id";

export interface FetchLimits {
  /** Reading stops, with `CONTENT_TOO_LARGE`, at this many bytes plus one. */
  readonly maxBytes: number;
}

/**
 * Bytes by content id. Whoever serves them, bytes are verified against the id before they are handed on.
 *
 * Errors: `CONTENT_UNAVAILABLE` nobody served the last byte within the store's own time limit · `CONTENT_CORRUPT` it
 * does not parse as a UnixFS file or does not match its id · `CONTENT_TOO_LARGE` · `CONTENT_ID_INVALID` ·
 * `CONTENT_DISK_FULL`.
 */
export interface ContentStore {
  /** Stores, pins and serves the bytes; adding them again changes nothing. Durable when it returns. */
  add(bytes: Uint8Array): Promise<ContentId>;
  /** Reads the bytes from the local store or from peers; what was fetched is kept and served. */
  fetch(id: ContentId, limits: FetchLimits, signal: AbortSignal): Promise<Uint8Array>;
  /** Gives up what `add` or `fetch` keeps: it is no longer served. Unknown ids are ignored. */
  drop(id: ContentId): Promise<void>;
  close(): Promise<void>;
}
