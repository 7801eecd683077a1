import { createHash } from "node:crypto";

import { contentIdOf, type ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentStore, FetchLimits } from "../../trainer/content/port.ts";

/** An in-memory content store that records all fetches. */
export class MemoryStore implements ContentStore {
  readonly files = new Map<ContentId, Uint8Array>();
  readonly fetched: { readonly id: ContentId; readonly limits: FetchLimits }[] = [];

  add(bytes: Uint8Array): Promise<ContentId> {
    const id = contentIdOf(`0x${createHash("sha256").update(bytes).digest("hex")}`);
    this.files.set(id, bytes);
    return Promise.resolve(id);
  }

  fetch(id: ContentId, limits: FetchLimits, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    this.fetched.push({ id, limits });
    const bytes = this.files.get(id);
    if (bytes === undefined) return Promise.reject(new CommonweightError("CONTENT_UNAVAILABLE", id, "none"));
    if (bytes.length > limits.maxBytes) return Promise.reject(new CommonweightError("CONTENT_TOO_LARGE", id, "none"));
    return Promise.resolve(bytes);
  }

  drop(id: ContentId): Promise<void> {
    this.files.delete(id);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
