import type { CID } from "multiformats/cid";

import type { WantEntry } from "./bitswap.ts";

const BUSY_PEER_MS = 8_000;
const ONLY_PEER_MS = 30_000;
const ASK_AGAIN_MS = 3_000;

/** A peer's latest answer about one block, and its time. */
interface PeerAnswer {
  readonly says: "nothing yet" | "has" | "lacks";
  readonly atMs: number;
}

interface Request {
  readonly peer: string;
  readonly atMs: number;
}

/** Sends one entry to one peer; may merge it with others. */
export type SendEntry = (peer: string, entry: WantEntry) => void;

/**
 * The search for one block among the connected peers: asks all whether they have it, then requests it from one holder.
 *
 * A holder that does not deliver is dropped after {@link BUSY_PEER_MS} if another one has the block, else after
 * {@link ONLY_PEER_MS}. Peers without the block remember the question and answer again once they have it; the question
 * is still repeated, because messages can be lost.
 */
export class BlockWant {
  readonly cid: CID;
  readonly #send: SendEntry;
  readonly #answers = new Map<string, PeerAnswer>();
  #request: Request | undefined;

  constructor(cid: CID, send: SendEntry) {
    this.cid = cid;
    this.#send = send;
  }

  /** Advances the search by one step. `prefer` chooses among the peers that have the block. */
  advance(peers: ReadonlySet<string>, prefer: (holders: readonly string[]) => string | undefined, nowMs: number): void {
    if (this.#request !== undefined) return;
    const holder = prefer(this.#holders(peers));
    if (holder === undefined) {
      for (const peer of peers) this.#ask(peer, nowMs);
    } else {
      this.#request = { peer: holder, atMs: nowMs };
      this.#send(holder, { cid: this.cid, kind: "block" });
    }
  }

  /** Records that a peer probably has the block, because it delivered others of the same file. */
  suppose(peer: string, nowMs: number): void {
    if (!this.#answers.has(peer)) this.#answers.set(peer, { says: "has", atMs: nowMs });
  }

  /** Records a peer's answer. */
  answer(peer: string, has: boolean, nowMs: number): void {
    this.#answers.set(peer, { says: has ? "has" : "lacks", atMs: nowMs });
    if (!has && this.#request?.peer === peer) this.#request = undefined;
  }

  /** Forgets a peer that is gone or did not deliver. */
  forget(peer: string): void {
    this.#answers.delete(peer);
    if (this.#request?.peer === peer) this.#request = undefined;
  }

  /** Drops requests and answers that are too old, so that the next step asks again. */
  expire(peers: ReadonlySet<string>, nowMs: number): void {
    const patienceMs = this.#holders(peers).length > 1 ? BUSY_PEER_MS : ONLY_PEER_MS;
    if (this.#request !== undefined && nowMs - this.#request.atMs > patienceMs) this.#withdraw(this.#request.peer);
    for (const [peer, { says, atMs }] of this.#answers) {
      if (says !== "has" && nowMs - atMs > ASK_AGAIN_MS) this.#withdraw(peer);
    }
  }

  /** Cancels the question at all peers, or those that lack the block would answer once they have it. */
  cancel(): void {
    for (const peer of this.#answers.keys()) this.#send(peer, { cid: this.cid, kind: "cancel" });
  }

  /** The peer that the block is requested from. */
  get requestedFrom(): string | undefined {
    return this.#request?.peer;
  }

  #holders(peers: ReadonlySet<string>): readonly string[] {
    return [...this.#answers].filter(([peer, { says }]) => says === "has" && peers.has(peer)).map(([peer]) => peer);
  }

  #ask(peer: string, nowMs: number): void {
    if (this.#answers.has(peer)) return;
    this.#answers.set(peer, { says: "nothing yet", atMs: nowMs });
    this.#send(peer, { cid: this.cid, kind: "have?" });
  }

  // Cancelled first, because a peer's engine ignores a repeated question shortly after its answer.
  #withdraw(peer: string): void {
    this.forget(peer);
    this.#send(peer, { cid: this.cid, kind: "cancel" });
  }
}
