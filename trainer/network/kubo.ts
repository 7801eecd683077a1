import { join } from "node:path";

import { silentLog, type Log } from "../log.ts";
import { makeFolder, PRIVATE_FOLDER } from "../make-folder.ts";
import { Connector } from "./connector.ts";
import { KuboNode } from "./kubo-node.ts";
import { KuboRpc } from "./kubo-rpc.ts";
import { Meeting } from "./meeting.ts";
import { networkClosed } from "./network-closed.ts";
import type { Swarm, TopicMessage, Verdict } from "./port.ts";

export interface KuboSwarmOptions {
  /** Address of the daemon's RPC API, `http` or `https`. */
  readonly url: string;
  /** Folder of the known peers. One process at a time. */
  readonly folder: string;
  /** Multiaddresses, with peer ids, of the first workers to dial. */
  readonly bootstrap: readonly string[];
}

/**
 * Opens the network of a running Kubo daemon and begins to connect it with the bootstrap peers.
 *
 * Differs from libp2p's in one point: the daemon relays every signed message, whatever the verdict on it.
 *
 * @throws CONTENT_BOOTSTRAP_INVALID, CONTENT_DAEMON_DOWN, CONTENT_DAEMON_UNFIT.
 */
export async function openKuboSwarm(options: KuboSwarmOptions, log: Log = silentLog): Promise<KuboSwarm> {
  const { url, folder, bootstrap } = options;
  makeFolder(folder, PRIVATE_FOLDER);
  const rpc = new KuboRpc(url);
  const node = await KuboNode.open(rpc, log);
  const connector = await Connector.open(node, { bootstrap, file: join(folder, "peers.json") }, log);
  connector.start();
  return new KuboSwarm(rpc, node, connector, log);
}

/** A swarm by a Kubo daemon. The daemon keeps running when it closes. */
export class KuboSwarm implements Swarm {
  readonly rpc: KuboRpc;
  readonly #node: KuboNode;
  readonly #connector: Connector;
  readonly #log: Log;
  readonly #closing = new AbortController();

  constructor(rpc: KuboRpc, node: KuboNode, connector: Connector, log: Log) {
    this.rpc = rpc;
    this.#node = node;
    this.#connector = connector;
    this.#log = log;
  }

  addresses(): readonly string[] {
    return this.#node.addresses();
  }

  async subscribe(topic: string, judge: (message: TopicMessage) => Verdict, signal: AbortSignal): Promise<void> {
    const receive = (bytes: Uint8Array, from: { toString(): string }) => judge({ bytes, from: from.toString() });
    await this.#node.subscribe(topic, receive, this.#untilClosed(signal));
  }

  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    this.#closing.signal.throwIfAborted();
    await this.#node.publish(topic, bytes);
  }

  /** Resolves once joined; announcing and redialling continue until `signal` aborts. */
  async meet(topic: string, signal: AbortSignal): Promise<void> {
    const modules = { gossip: this.#node, connector: this.#connector, log: this.#log };
    await new Meeting(topic, modules).join(this.#untilClosed(signal));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(networkClosed());
    await this.#connector.stop();
    await this.#node.forgetPeers();
  }

  #untilClosed(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }
}
