import type { PeerId } from "@libp2p/interface";

import { encodeAnnouncement, parseAnnouncement } from "./announcement.ts";
import type { Connector } from "./connector.ts";
import type { Log } from "../log.ts";
import type { Verdict } from "./port.ts";

const ANNOUNCE_MS = 5_000;
const ANNOUNCE_SOON_MS = 150;

/** Handles a message and decides whether it is relayed. */
export type Judge = (bytes: Uint8Array, from: PeerId) => Verdict;

/** The messages of a node that a meeting needs. */
export interface Gossip {
  /** The node's multiaddresses, with its peer id. */
  addresses(): readonly string[];
  /**
   * Subscribes until `signal` aborts. Signatures are verified before `judge` is called.
   *
   * @throws Error already subscribed to the topic
   */
  subscribe(topic: string, judge: Judge, signal: AbortSignal): Promise<void>;
  /** Publishes to the connected subscribers; it is no error if there are none. */
  publish(topic: string, bytes: Uint8Array): Promise<void>;
  /** Reports peers that subscribe to the topic until `signal` aborts, if the node learns of them. */
  onNewcomer(topic: string, welcome: () => void, signal: AbortSignal): void;
}

export interface MeetingModules {
  readonly gossip: Gossip;
  readonly connector: Connector;
  readonly log: Log;
}

/**
 * Peer discovery for one job: announces this node's addresses periodically and soon after a newcomer subscribes, and
 * dials announced peers. An announcement that is invalid or names a peer other than its signer is refused and not
 * relayed.
 */
export class Meeting {
  readonly #topic: string;
  readonly #modules: MeetingModules;
  #regular: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(topic: string, modules: MeetingModules) {
    this.#topic = topic;
    this.#modules = modules;
  }

  /** Subscribes and announces until `signal` aborts; existing connections stay open. */
  async join(signal: AbortSignal): Promise<void> {
    const { gossip } = this.#modules;
    await gossip.subscribe(this.#topic, (bytes, from) => this.#judge(bytes, from), signal);
    gossip.onNewcomer(this.#topic, () => this.#announceSoon(), signal);
    this.#regular = setInterval(() => this.#announceSoon(), ANNOUNCE_MS);
    this.#announceSoon();
    signal.addEventListener("abort", () => this.#leave(), { once: true });
  }

  #leave(): void {
    clearInterval(this.#regular);
    clearTimeout(this.#soon);
  }

  #judge(bytes: Uint8Array, from: PeerId): Verdict {
    const { connector, log } = this.#modules;
    const addresses = parseAnnouncement(bytes, from);
    if (addresses === undefined) {
      log.debug({ topic: this.#topic, peer: from.toString() }, "refused an announcement");
      return "reject";
    }
    if (connector.meet(from.toString(), addresses)) this.#announceSoon();
    return "accept";
  }

  // Delayed, so that several newcomers get one announcement; randomised, so that workers do not announce all at once.
  #announceSoon(): void {
    this.#soon ??= setTimeout(() => void this.#announce(), ANNOUNCE_SOON_MS * (0.5 + Math.random()));
  }

  async #announce(): Promise<void> {
    const { gossip, log } = this.#modules;
    this.#soon = undefined;
    const addresses = gossip.addresses();
    if (addresses.length === 0) return;
    try {
      await gossip.publish(this.#topic, encodeAnnouncement(addresses));
    } catch (error) {
      log.debug({ topic: this.#topic, error }, "could not announce; trying again later");
    }
  }
}
