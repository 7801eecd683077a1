import { TopicValidatorResult } from "@libp2p/gossipsub";
import type { Message, SubscriptionChangeData } from "@libp2p/gossipsub";

import type { Node } from "./libp2p-node.ts";
import type { Gossip, Judge } from "./meeting.ts";
import { MAX_TOPIC_MESSAGE_BYTES, type Verdict } from "./port.ts";

const RESULTS: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** The gossipsub topics that this node is subscribed to, each once. */
export class Topics implements Gossip {
  readonly #node: Node;
  readonly #subscribed = new Set<string>();

  constructor(node: Node) {
    this.#node = node;
  }

  addresses(): readonly string[] {
    return this.#node.getMultiaddrs().map(String);
  }

  async subscribe(topic: string, judge: Judge, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#subscribed.has(topic)) throw new Error(`already subscribed to ${topic}`);
    const { pubsub } = this.#node.services;
    this.#subscribed.add(topic);
    pubsub.topicValidators.set(topic, (_, message) => RESULTS[this.#verdictOn(message, judge)]);
    pubsub.subscribe(topic);
    signal.addEventListener("abort", () => this.#unsubscribe(topic), { once: true });
  }

  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > MAX_TOPIC_MESSAGE_BYTES) throw new RangeError(`the message has ${bytes.length} bytes`);
    await this.#node.services.pubsub.publish(topic, bytes);
  }

  onNewcomer(topic: string, welcome: () => void, signal: AbortSignal): void {
    const { pubsub } = this.#node.services;
    const note = ({ detail: { subscriptions } }: CustomEvent<SubscriptionChangeData>): void => {
      if (subscriptions.some((change) => change.subscribe && change.topic === topic)) welcome();
    };
    pubsub.addEventListener("subscription-change", note);
    signal.addEventListener("abort", () => pubsub.removeEventListener("subscription-change", note), { once: true });
  }

  #unsubscribe(topic: string): void {
    const { pubsub } = this.#node.services;
    pubsub.unsubscribe(topic);
    pubsub.topicValidators.delete(topic);
    this.#subscribed.delete(topic);
  }

  #verdictOn(message: Message, judge: Judge): Verdict {
    if (message.type !== "signed") return "reject";
    if (message.from.equals(this.#node.peerId)) return "ignore";
    if (message.data.length > MAX_TOPIC_MESSAGE_BYTES) return "reject";
    return judge(message.data, message.from);
  }
}
