import { join } from "node:path";

import type { PeerId } from "@libp2p/interface";

import { silentLog, type Log } from "../log.ts";
import { makeFolder, PRIVATE_FOLDER } from "../make-folder.ts";
import { Connector, type Dialler } from "./connector.ts";
import { createNode, type Node } from "./libp2p-node.ts";
import { Meeting } from "./meeting.ts";
import { networkClosed } from "./network-closed.ts";
import { listenError, parseListen } from "./parse-address.ts";
import { loadPeerKey } from "./peer-key.ts";
import type { Swarm, TopicMessage, Verdict } from "./port.ts";
import { Topics } from "./topics.ts";

const DEFAULT_LISTEN = "/ip4/127.0.0.1/tcp/0";

export interface NetworkOptions {
  /** Folder of the node's key and known peers. One process at a time. */
  readonly folder: string;
  /** Multiaddress to listen on; by default loopback with any free port. */
  readonly listen?: string;
  /** Multiaddresses to announce instead of the listening ones, for nodes behind a router. */
  readonly announce?: readonly string[];
  /** Multiaddresses, with peer ids, of the first workers to dial. */
  readonly bootstrap: readonly string[];
}

/**
 * Creates the libp2p node of one folder. It neither listens nor dials before {@link Libp2pSwarm.start}.
 *
 * The peer id is stored in the folder, so it survives restarts; the port may change.
 *
 * @throws CONTENT_LISTEN_INVALID · CONTENT_BOOTSTRAP_INVALID · CONTENT_KEY_CORRUPT
 */
export async function createSwarm(options: NetworkOptions, log: Log = silentLog): Promise<Libp2pSwarm> {
  const { folder, listen = DEFAULT_LISTEN, announce = [], bootstrap } = options;
  const address = parseListen(listen).toString();
  makeFolder(folder, PRIVATE_FOLDER);
  const privateKey = await loadPeerKey(join(folder, "peer-key"));
  const node = await createNode({ privateKey, listen: address, announce });
  const connector = await Connector.open(diallerOf(node), { bootstrap, file: join(folder, "peers.json") }, log);
  return new Libp2pSwarm({ node, connector, listen: address, log });
}

interface SwarmParts {
  readonly node: Node;
  readonly connector: Connector;
  /** Multiaddress to listen on. */
  readonly listen: string;
  readonly log: Log;
}

/** A swarm on libp2p. Other protocols, such as bitswap, use its node. */
export class Libp2pSwarm implements Swarm {
  readonly node: Node;
  readonly #connector: Connector;
  readonly #listen: string;
  readonly #topics: Topics;
  readonly #log: Log;
  readonly #closing = new AbortController();

  constructor({ node, connector, listen, log }: SwarmParts) {
    this.node = node;
    this.#connector = connector;
    this.#listen = listen;
    this.#topics = new Topics(node);
    this.#log = log;
  }

  /**
   * Listens and begins to dial; does not wait for a connection. Register protocols before: a peer learns them when it
   * connects.
   *
   * @throws CONTENT_LISTEN_IN_USE · CONTENT_LISTEN_INVALID
   */
  async start(): Promise<void> {
    this.#closing.signal.throwIfAborted();
    try {
      await this.node.start();
    } catch (error) {
      throw listenError(error, this.#listen);
    }
    this.#connector.start();
  }

  addresses(): readonly string[] {
    return this.#topics.addresses();
  }

  async subscribe(topic: string, judge: (message: TopicMessage) => Verdict, signal: AbortSignal): Promise<void> {
    const receive = (bytes: Uint8Array, from: { toString(): string }) => judge({ bytes, from: from.toString() });
    await this.#topics.subscribe(topic, receive, this.#untilClosed(signal));
  }

  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    this.#closing.signal.throwIfAborted();
    await this.#topics.publish(topic, bytes);
  }

  /** Resolves once joined; announcing and redialling continue until `signal` aborts. */
  async meet(topic: string, signal: AbortSignal): Promise<void> {
    const modules = { gossip: this.#topics, connector: this.#connector, log: this.#log };
    await new Meeting(topic, modules).join(this.#untilClosed(signal));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(networkClosed());
    await this.#connector.stop();
    await this.node.stop();
  }

  #untilClosed(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }
}

function diallerOf(node: Node): Dialler {
  return {
    self: node.peerId.toString(),
    connected: () => new Set(node.getPeers().map(String)),
    dial: async (_peer, addresses, signal) => {
      await node.dial([...addresses], { signal });
    },
    observe(onConnect, onLoss, signal) {
      const connect = (event: CustomEvent<PeerId>): void => onConnect(event.detail.toString());
      node.addEventListener("peer:connect", connect);
      node.addEventListener("peer:disconnect", onLoss);
      const stop = (): void => {
        node.removeEventListener("peer:connect", connect);
        node.removeEventListener("peer:disconnect", onLoss);
      };
      signal.addEventListener("abort", stop, { once: true });
    },
  };
}
