import type { Multiaddr } from "@multiformats/multiaddr";

const MAX_PEERS = 128;
const FORGET_AFTER_FAILURES = 12;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;

interface KnownPeer {
  /** Configured by the operator: never forgotten. */
  readonly configured: readonly Multiaddr[];
  readonly announced: readonly Multiaddr[];
  readonly failures: number;
  readonly dialAtMs: number;
}

/** Known peers with their latest addresses and the time of the next dial. In memory only. */
export class PeerBook {
  readonly #peers = new Map<string, KnownPeer>();

  /** Adds an address that the operator configured. */
  configure(peer: string, address: Multiaddr): void {
    const known = this.#peers.get(peer) ?? stranger;
    this.#peers.set(peer, { ...known, configured: [...known.configured, address] });
  }

  /**
   * Replaces a peer's announced addresses; changed ones are due at once.
   *
   * @returns whether the addresses are new; false for an unknown peer when the book is full
   */
  announce(peer: string, addresses: readonly Multiaddr[]): boolean {
    const known = this.#peers.get(peer);
    if (known !== undefined && String(known.announced) === String(addresses)) return false;
    if (known === undefined && this.#peers.size >= MAX_PEERS) return false;
    this.#peers.set(peer, { ...(known ?? stranger), announced: addresses, failures: 0, dialAtMs: 0 });
    return true;
  }

  /** The peers to dial now, with their addresses, the announced ones first. */
  due(nowMs: number): readonly { readonly peer: string; readonly addresses: readonly Multiaddr[] }[] {
    return [...this.#peers]
      .filter(([, { dialAtMs }]) => dialAtMs <= nowMs)
      .map(([peer, { configured, announced }]) => ({ peer, addresses: [...announced, ...configured] }));
  }

  /** Records a connection: once it is lost, the peer is due at once. */
  connected(peer: string): void {
    const known = this.#peers.get(peer);
    if (known !== undefined) this.#peers.set(peer, { ...known, failures: 0, dialAtMs: 0 });
  }

  /** Records a failed dial: the backoff doubles, and a peer that is not configured is forgotten after too many. */
  failed(peer: string, nowMs: number): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    const failures = known.failures + 1;
    if (failures >= FORGET_AFTER_FAILURES && known.configured.length === 0) this.#peers.delete(peer);
    else this.#peers.set(peer, { ...known, failures, dialAtMs: nowMs + backoffMs(failures) });
  }

  /** Every announced address, for the file of known peers. */
  announced(): readonly (readonly [peer: string, addresses: readonly string[]])[] {
    return [...this.#peers]
      .filter(([, { announced }]) => announced.length > 0)
      .map(([peer, { announced }]) => [peer, announced.map(String)]);
  }
}

const stranger: KnownPeer = { configured: [], announced: [], failures: 0, dialAtMs: 0 };

// Randomised between half and all of the backoff, so that workers that lost the same peer do not redial together.
function backoffMs(failures: number): number {
  const fullMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures);
  return fullMs * (0.5 + Math.random() / 2);
}
