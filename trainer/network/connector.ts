import type { Multiaddr } from "@multiformats/multiaddr";

import type { Log } from "../log.ts";
import { parseBootstrap } from "./parse-address.ts";
import { PeerBook } from "./peer-book.ts";
import { readPeers, writePeers } from "./peer-file.ts";

const TICK_MS = 500;
const WRITE_DELAY_MS = 2_000;
const DIAL_TIMEOUT_MS = 5_000;
const MAX_PARALLEL_DIALS = 8;

/** The node that a connector keeps connected. */
export interface Dialler {
  /** The node's own peer id. */
  readonly self: string;
  /** Ids of the connected peers. */
  connected(): ReadonlySet<string>;
  /** Connects to a peer at any of its addresses. */
  dial(peer: string, addresses: readonly Multiaddr[], signal: AbortSignal): Promise<void>;
  /** Reports new and lost connections until `signal` aborts. */
  observe(onConnect: (peer: string) => void, onLoss: () => void, signal: AbortSignal): void;
}

export interface ConnectorOptions {
  /** Multiaddresses with peer ids, from the operator. */
  readonly bootstrap: readonly string[];
  /** File of known peers. */
  readonly file: string;
}

/** Keeps connections to the bootstrap peers and to announced peers; redials lost ones. */
export class Connector {
  readonly #node: Dialler;
  readonly #log: Log;
  readonly #file: string;
  readonly #book: PeerBook;
  readonly #dialling = new Set<string>();
  readonly #closing = new AbortController();
  #ticker: NodeJS.Timeout | undefined;
  #writer: NodeJS.Timeout | undefined;

  private constructor(node: Dialler, book: PeerBook, file: string, log: Log) {
    this.#node = node;
    this.#book = book;
    this.#file = file;
    this.#log = log;
  }

  /** Reads the known peers; {@link start} begins to dial them. */
  static async open(node: Dialler, options: ConnectorOptions, log: Log): Promise<Connector> {
    const book = bootstrapBook(options.bootstrap, node.self, log);
    await readPeers(options.file, book, log);
    return new Connector(node, book, options.file, log);
  }

  /** Begins to dial; does not wait for a connection. */
  start(): void {
    this.#node.observe(
      (peer) => this.#book.connected(peer),
      () => this.#dialDue(),
      this.#closing.signal,
    );
    this.#ticker = setInterval(() => this.#dialDue(), TICK_MS);
    this.#dialDue();
  }

  /** Records a peer's announced addresses and dials it unless connected. Returns whether the addresses were new. */
  meet(peer: string, addresses: readonly Multiaddr[]): boolean {
    if (peer === this.#node.self || !this.#book.announce(peer, addresses)) return false;
    this.#writer ??= setTimeout(() => void this.#write(), WRITE_DELAY_MS);
    this.#dialDue();
    return true;
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#closing.abort();
    if (this.#writer !== undefined) await this.#write();
  }

  #dialDue(): void {
    const connected = this.#node.connected();
    for (const { peer, addresses } of this.#book.due(Date.now())) {
      if (this.#dialling.size >= MAX_PARALLEL_DIALS) return;
      if (!connected.has(peer) && !this.#dialling.has(peer)) void this.#dial(peer, addresses);
    }
  }

  async #dial(peer: string, addresses: readonly Multiaddr[]): Promise<void> {
    if (this.#closing.signal.aborted || peer === this.#node.self) return;
    this.#dialling.add(peer);
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)]);
      await this.#node.dial(peer, addresses, signal);
      this.#book.connected(peer);
    } catch (error) {
      this.#log.debug({ peer, error }, "could not dial a peer; trying again later");
      this.#book.failed(peer, Date.now());
    } finally {
      this.#dialling.delete(peer);
    }
  }

  async #write(): Promise<void> {
    clearTimeout(this.#writer);
    this.#writer = undefined;
    try {
      await writePeers(this.#file, this.#book);
    } catch (error) {
      this.#log.warn({ error }, "could not write the file of known peers; they must be found again after a restart");
    }
  }
}

/**
 * The book of the operator's peers, without this node itself. The first worker of a network may be started with the
 * line that the others use, which names this worker alone: it waits for them.
 */
function bootstrapBook(bootstrap: readonly string[], self: string, log: Log): PeerBook {
  const book = new PeerBook();
  const peers = bootstrap.map(parseBootstrap);
  const others = peers.filter(({ peer }) => peer.toString() !== self);
  if (peers.length > 0 && others.length === 0) {
    log.warn(
      { address: peers[0]?.address.toString(), next: "Name another worker's address, unless this one is the first." },
      "the bootstrap address is this node's own: it dials nobody and waits for others",
    );
  }
  for (const { peer, address } of others) book.configure(peer.toString(), address);
  return book;
}
