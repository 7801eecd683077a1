import type { CID } from "multiformats/cid";

import type { WantEntry } from "./bitswap.ts";

const BUSY_PEER_MS = 8_000;
const ONLY_PEER_MS = 30_000;
const ASK_AGAIN_MS = 3_000;

/** What a peer was asked and said about one block, and when. */
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
 * The search for one block among the connected peers: ask all whether they have it, then one of those that do.
 *
 * A peer that does not deliver is passed over after {@link BUSY_PEER_MS} if another one has the block, else after
 * {@link ONLY_PEER_MS}. Peers without the block remember the question and answer again when they get it; the question
 * is repeated all the same, because messages get lost.
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

  /** Goes one step on with what is known now. Of the peers that have the block, `prefer` names the best. */
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

  /** Notes that a peer probably has the block, because it delivered others of the same file. */
  suppose(peer: string, nowMs: number): void {
    if (!this.#answers.has(peer)) this.#answers.set(peer, { says: "has", atMs: nowMs });
  }

  /** Notes a peer's answer. */
  answer(peer: string, has: boolean, nowMs: number): void {
    this.#answers.set(peer, { says: has ? "has" : "lacks", atMs: nowMs });
    if (!has && this.#request?.peer === peer) this.#request = undefined;
  }

  /** Forgets a peer that is gone or did not deliver. */
  forget(peer: string): void {
    this.#answers.delete(peer);
    if (this.#request?.peer === peer) this.#request = undefined;
  }

  /** Gives up on requests and answers that are too old, so that the next step asks anew. */
  expire(peers: ReadonlySet<string>, nowMs: number): void {
    const patienceMs = this.#holders(peers).length > 1 ? BUSY_PEER_MS : ONLY_PEER_MS;
    if (this.#request !== undefined && nowMs - this.#request.atMs > patienceMs) this.#withdraw(this.#request.peer);
    for (const [peer, { says, atMs }] of this.#answers) {
      if (says !== "has" && nowMs - atMs > ASK_AGAIN_MS) this.#withdraw(peer);
    }
  }

  /** Takes the question back: from those that lack the block, or they would send it one day; from who sent it, too. */
  cancel(): void {
    for (const peer of this.#answers.keys()) this.#send(peer, { cid: this.cid, kind: "cancel" });
  }

  /** The peer that is asked for the bytes now. */
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

  // An engine drops a question that it has answered shortly before, unless it was cancelled in between.
  #withdraw(peer: string): void {
    this.forget(peer);
    this.#send(peer, { cid: this.cid, kind: "cancel" });
  }
}
