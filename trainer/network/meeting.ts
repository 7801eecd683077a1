import { TopicValidatorResult } from "@libp2p/gossipsub";
import type { Message, SubscriptionChangeData } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";

import { encodeAnnouncement, parseAnnouncement } from "./announcement.ts";
import type { Connector } from "./connector.ts";
import type { Log } from "../log.ts";
import type { Node } from "./libp2p-node.ts";

const ANNOUNCE_MS = 5_000;
const ANNOUNCE_SOON_MS = 150;

/**
 * One job's meeting place: says again and again where this node is, at once to newcomers, and hands on where the others
 * say that they are. Gossipsub has verified the signature of every announcement before it comes here; one that speaks of
 * another peer than its signer, or does not parse, is refused and not passed on.
 */
export class Meeting {
  readonly #topic: string;
  readonly #node: Node;
  readonly #connector: Connector;
  readonly #log: Log;
  readonly #noteNewcomer = (event: CustomEvent<SubscriptionChangeData>): void => this.#welcome(event.detail);
  #regular: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(topic: string, node: Node, connector: Connector, log: Log) {
    this.#topic = topic;
    this.#node = node;
    this.#connector = connector;
    this.#log = log;
  }

  /** Subscribes and begins to announce. */
  join(): void {
    const { pubsub } = this.#node.services;
    pubsub.topicValidators.set(this.#topic, (_, message) => this.#judge(message));
    pubsub.addEventListener("subscription-change", this.#noteNewcomer);
    pubsub.subscribe(this.#topic);
    this.#regular = setInterval(() => this.#announceSoon(), ANNOUNCE_MS);
    this.#announceSoon();
  }

  /** Unsubscribes; connections that exist stay. */
  leave(): void {
    const { pubsub } = this.#node.services;
    clearInterval(this.#regular);
    clearTimeout(this.#soon);
    pubsub.removeEventListener("subscription-change", this.#noteNewcomer);
    pubsub.unsubscribe(this.#topic);
    pubsub.topicValidators.delete(this.#topic);
  }

  #judge(message: Message): TopicValidatorResult {
    if (message.type !== "signed") return TopicValidatorResult.Reject;
    if (message.from.equals(this.#node.peerId)) return TopicValidatorResult.Ignore;
    const addresses = parseAnnouncement(message.data, message.from);
    if (addresses === undefined) return this.#reject(message.from);
    if (this.#connector.meet(message.from, addresses)) this.#announceSoon();
    return TopicValidatorResult.Accept;
  }

  #reject(peer: PeerId): TopicValidatorResult {
    this.#log.debug({ topic: this.#topic, peer: peer.toString() }, "refused an announcement");
    return TopicValidatorResult.Reject;
  }

  #welcome({ subscriptions }: SubscriptionChangeData): void {
    if (subscriptions.some(({ topic, subscribe }) => subscribe && topic === this.#topic)) this.#announceSoon();
  }

  // A little later, so that several newcomers get one announcement; never all workers at the same moment.
  #announceSoon(): void {
    this.#soon ??= setTimeout(() => void this.#announce(), ANNOUNCE_SOON_MS * (0.5 + Math.random()));
  }

  async #announce(): Promise<void> {
    this.#soon = undefined;
    const addresses = this.#node.getMultiaddrs().map(String);
    if (addresses.length === 0) return;
    try {
      await this.#node.services.pubsub.publish(this.#topic, encodeAnnouncement(addresses));
    } catch (error) {
      this.#log.debug({ topic: this.#topic, error }, "could not announce; trying again later");
    }
  }
}
