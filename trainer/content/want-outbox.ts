import type { WantEntry } from "./bitswap.ts";

const COLLECT_MS = 5;

/** Sends one message with at most one entry per block; resolves once it is sent, and never rejects. */
export type SendBatch = (peer: string, entries: readonly WantEntry[]) => Promise<void>;

/**
 * Queue of outgoing want-list entries. Entries for one peer are batched and stay in order, so that a repeated question
 * arrives after its cancellation.
 */
export class WantOutbox {
  readonly #send: SendBatch;
  readonly #queues = new Map<string, WantEntry[]>();
  readonly #sending = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: SendBatch) {
    this.#send = send;
  }

  post(peer: string, entry: WantEntry): void {
    const queue = this.#queues.get(peer) ?? [];
    this.#queues.set(peer, queue);
    queue.push(entry);
    this.#timer ??= setTimeout(() => this.#sendAll(), COLLECT_MS);
  }

  /** Discards the unsent entries of a disconnected peer. */
  forget(peer: string): void {
    this.#queues.delete(peer);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queues.clear();
  }

  #sendAll(): void {
    this.#timer = undefined;
    for (const peer of this.#queues.keys()) void this.#drain(peer);
  }

  async #drain(peer: string): Promise<void> {
    if (this.#sending.has(peer)) return;
    this.#sending.add(peer);
    for (let batch = this.#take(peer); batch.length > 0; batch = this.#take(peer)) await this.#send(peer, batch);
    this.#sending.delete(peer);
  }

  // The entries of one message: up to the first block that would occur twice.
  #take(peer: string): readonly WantEntry[] {
    const queue = this.#queues.get(peer) ?? [];
    const seen = new Set<string>();
    const repeated = queue.findIndex(({ cid }) => seen.size === seen.add(cid.toString()).size);
    const batch = queue.splice(0, repeated === -1 ? queue.length : repeated);
    if (queue.length === 0) this.#queues.delete(peer);
    return batch;
  }
}
