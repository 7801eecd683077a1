import type { PeerId } from "@libp2p/interface";
import type { CID } from "multiformats/cid";

import { BITSWAP_PROTOCOL, startBitswap } from "./bitswap.ts";
import type { Bitswap, WantEntry } from "./bitswap.ts";
import type { BlockStore } from "./block-store.ts";
import { BlockWant } from "./block-want.ts";
import type { Log } from "../log.ts";
import type { Node } from "../network/libp2p-node.ts";
import { WantOutbox } from "./want-outbox.ts";

const TICK_MS = 1_000;

/** The peers that delivered blocks of one file; they are preferred for its other blocks. */
export type Providers = Set<string>;

interface OpenWant {
  readonly want: BlockWant;
  readonly waiters: Set<(bytes: Uint8Array, sender: string) => void>;
}

/**
 * Fetches blocks from connected peers by bitswap, each from one of its holders; bitswap serves the local blocks.
 */
export class BlockExchange {
  readonly #node: Node;
  readonly #log: Log;
  readonly #peers = new Map<string, PeerId>();
  readonly #wants = new Map<string, OpenWant>();
  readonly #outbox = new WantOutbox((peer, entries) => this.#send(peer, entries));
  #bitswap: Bitswap | undefined;
  #topology: string | undefined;
  #ticker: NodeJS.Timeout | undefined;

  private constructor(node: Node, log: Log) {
    this.#node = node;
    this.#log = log;
  }

  /** Starts to serve `blocks` to every peer and to request blocks from peers. */
  static async start(node: Node, blocks: BlockStore, log: Log): Promise<BlockExchange> {
    const exchange = new BlockExchange(node, log);
    exchange.#bitswap = await startBitswap(node, blocks, {
      onBlock: (cid, bytes, sender) => exchange.#receive(cid, bytes, sender.toString()),
      onPresence: (cid, has, sender) => exchange.#answer(cid, has, sender.toString()),
    });
    exchange.#topology = await node.register(BITSWAP_PROTOCOL, {
      onConnect: (peer) => exchange.#connect(peer),
      onDisconnect: (peer) => exchange.#disconnect(peer.toString()),
    });
    exchange.#ticker = setInterval(() => exchange.#tick(), TICK_MS);
    return exchange;
  }

  /**
   * Waits for one block from any peer, connected now or later. Its bytes are verified.
   *
   * @throws only the signal's reason on abort
   */
  want(cid: CID, providers: Providers, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const key = keyOf(cid);
    const open = this.#wants.get(key) ?? this.#open(key, cid);
    for (const peer of providers) open.want.suppose(peer, Date.now());
    return new Promise((resolve, reject) => {
      const deliver = (bytes: Uint8Array, sender: string): void => {
        signal.removeEventListener("abort", giveUp);
        providers.add(sender);
        resolve(bytes);
      };
      const giveUp = (): void => {
        this.#leave(key, open, deliver);
        reject(signal.reason);
      };
      open.waiters.add(deliver);
      signal.addEventListener("abort", giveUp, { once: true });
      this.#advance(open.want);
    });
  }

  /** Notifies the peers that wait for the block that it is available. */
  async announce(cid: CID): Promise<void> {
    await this.#bitswap?.announce(cid);
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#outbox.stop();
    if (this.#topology !== undefined) this.#node.unregister(this.#topology);
    await this.#bitswap?.stop();
  }

  #open(key: string, cid: CID): OpenWant {
    const open = { want: new BlockWant(cid, (peer, entry) => this.#post(peer, entry)), waiters: new Set<never>() };
    this.#wants.set(key, open);
    return open;
  }

  #leave(key: string, open: OpenWant, waiter: (bytes: Uint8Array, sender: string) => void): void {
    open.waiters.delete(waiter);
    if (open.waiters.size > 0) return;
    if (this.#wants.get(key) === open) this.#wants.delete(key);
    open.want.cancel();
  }

  #receive(cid: CID, bytes: Uint8Array, sender: string): void {
    const key = keyOf(cid);
    const open = this.#wants.get(key);
    if (open === undefined) return;
    this.#wants.delete(key);
    open.want.cancel();
    for (const deliver of open.waiters) deliver(bytes, sender);
  }

  #answer(cid: CID, has: boolean, sender: string): void {
    const open = this.#wants.get(keyOf(cid));
    if (open === undefined) return;
    open.want.answer(sender, has, Date.now());
    this.#advance(open.want);
  }

  #connect(peer: PeerId): void {
    this.#peers.set(peer.toString(), peer);
    for (const { want } of this.#wants.values()) this.#advance(want);
  }

  #disconnect(peer: string): void {
    this.#peers.delete(peer);
    this.#outbox.forget(peer);
    for (const { want } of this.#wants.values()) {
      want.forget(peer);
      this.#advance(want);
    }
  }

  #tick(): void {
    const peers = new Set(this.#peers.keys());
    const nowMs = Date.now();
    for (const { want } of this.#wants.values()) {
      want.expire(peers, nowMs);
      this.#advance(want);
    }
  }

  #advance(want: BlockWant): void {
    want.advance(new Set(this.#peers.keys()), (holders) => this.#leastBusy(holders), Date.now());
  }

  #leastBusy(holders: readonly string[]): string | undefined {
    const load = new Map(holders.map((peer) => [peer, 0]));
    for (const { want } of this.#wants.values()) {
      const peer = want.requestedFrom;
      if (peer !== undefined && load.has(peer)) load.set(peer, (load.get(peer) ?? 0) + 1);
    }
    return [...load].sort((a, b) => a[1] - b[1])[0]?.[0];
  }

  #post(peer: string, entry: WantEntry): void {
    if (this.#peers.has(peer)) this.#outbox.post(peer, entry);
  }

  async #send(peer: string, entries: readonly WantEntry[]): Promise<void> {
    const peerId = this.#peers.get(peer);
    if (peerId === undefined || this.#bitswap === undefined) return;
    try {
      await this.#bitswap.send(peerId, entries);
    } catch (error) {
      // The next ticks repeat the request or send it to another peer.
      this.#log.debug({ peer, error }, "could not send a want list");
      for (const { cid } of entries) this.#wants.get(keyOf(cid))?.want.forget(peer);
    }
  }
}

function keyOf(cid: CID): string {
  return Buffer.from(cid.multihash.digest).toString("hex");
}
