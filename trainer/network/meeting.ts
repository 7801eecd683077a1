import type { SubscriptionChangeData } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";

import { encodeAnnouncement, parseAnnouncement } from "./announcement.ts";
import type { Connector } from "./connector.ts";
import type { Log } from "../log.ts";
import type { Node } from "./libp2p-node.ts";
import type { Verdict } from "./port.ts";
import type { Topics } from "./topics.ts";

const ANNOUNCE_MS = 5_000;
const ANNOUNCE_SOON_MS = 150;

export interface MeetingModules {
  readonly node: Node;
  readonly topics: Topics;
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
  readonly #noteNewcomer = (event: CustomEvent<SubscriptionChangeData>): void => this.#welcome(event.detail);
  #regular: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(topic: string, modules: MeetingModules) {
    this.#topic = topic;
    this.#modules = modules;
  }

  /** Subscribes and announces until `signal` aborts; existing connections stay open. */
  join(signal: AbortSignal): void {
    const { node, topics } = this.#modules;
    topics.subscribe(this.#topic, (bytes, from) => this.#judge(bytes, from), signal);
    node.services.pubsub.addEventListener("subscription-change", this.#noteNewcomer);
    this.#regular = setInterval(() => this.#announceSoon(), ANNOUNCE_MS);
    this.#announceSoon();
    signal.addEventListener("abort", () => this.#leave(), { once: true });
  }

  #leave(): void {
    clearInterval(this.#regular);
    clearTimeout(this.#soon);
    this.#modules.node.services.pubsub.removeEventListener("subscription-change", this.#noteNewcomer);
  }

  #judge(bytes: Uint8Array, from: PeerId): Verdict {
    const { connector, log } = this.#modules;
    const addresses = parseAnnouncement(bytes, from);
    if (addresses === undefined) {
      log.debug({ topic: this.#topic, peer: from.toString() }, "refused an announcement");
      return "reject";
    }
    if (connector.meet(from, addresses)) this.#announceSoon();
    return "accept";
  }

  #welcome({ subscriptions }: SubscriptionChangeData): void {
    if (subscriptions.some(({ topic, subscribe }) => subscribe && topic === this.#topic)) this.#announceSoon();
  }

  // Delayed, so that several newcomers get one announcement; randomised, so that workers do not announce all at once.
  #announceSoon(): void {
    this.#soon ??= setTimeout(() => void this.#announce(), ANNOUNCE_SOON_MS * (0.5 + Math.random()));
  }

  async #announce(): Promise<void> {
    const { node, topics, log } = this.#modules;
    this.#soon = undefined;
    const addresses = node.getMultiaddrs().map(String);
    if (addresses.length === 0) return;
    try {
      await topics.publish(this.#topic, encodeAnnouncement(addresses));
    } catch (error) {
      log.debug({ topic: this.#topic, error }, "could not announce; trying again later");
    }
  }
}
