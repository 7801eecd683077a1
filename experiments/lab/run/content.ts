import { createHash } from "node:crypto";

import type { Weights } from "../../../trainer/model/tensors.ts";

/** Content by its digest. */
export class Content {
  readonly #bytes = new Map<string, Weights>();

  /** Stores content and returns its SHA-256 digest. */
  publish(weights: Weights): string {
    const bytes = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
    const digest = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    this.#bytes.set(digest, weights);
    return digest;
  }

  fetch(digest: string): Weights {
    const weights = this.#bytes.get(digest);
    if (weights === undefined) throw new Error(`no content with digest ${digest}`);
    return weights;
  }
}
