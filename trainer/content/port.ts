import type { ContentId } from "@commonweight/sdk/protocol/content-id";

export interface FetchLimits {
  /** Larger content fails with `CONTENT_TOO_LARGE`. */
  readonly maxBytes: number;
}

/**
 * Bytes by content id. Bytes from peers are verified against the id.
 *
 * Errors: `CONTENT_UNAVAILABLE` no peer served all bytes within the store's timeout · `CONTENT_CORRUPT` it does not
 * parse as a UnixFS file or does not match its id · `CONTENT_TOO_LARGE` · `CONTENT_ID_INVALID` ·
 * `CONTENT_DISK_FULL` · `CONTENT_DAEMON_DOWN`, `CONTENT_DAEMON_FAULTY`, `CONTENT_DAEMON_REFUSED` the store's own daemon
 * does not answer, gives wrong bytes, or answers with an error: these say nothing about the content.
 */
export interface ContentStore {
  /** Stores, pins and serves the bytes; adding them again has no effect. Durable when it resolves. */
  add(bytes: Uint8Array): Promise<ContentId>;
  /** Reads the bytes from the local store or from peers; fetched bytes are kept and served. */
  fetch(id: ContentId, limits: FetchLimits, signal: AbortSignal): Promise<Uint8Array>;
  /** Stops keeping and serving the bytes. Unknown ids are ignored. */
  drop(id: ContentId): Promise<void>;
  close(): Promise<void>;
}
