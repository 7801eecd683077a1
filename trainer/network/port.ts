/** A message on a topic. Its signature is verified: `from` is its author. */
export interface TopicMessage {
  /** Peer id of the author. */
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** `accept` relays a message, `ignore` drops it, `reject` drops it and penalises the peer that relayed it. */
export type Verdict = "accept" | "ignore" | "reject";

/** Largest message in bytes. */
export const MAX_TOPIC_MESSAGE_BYTES = 32_768;

/** This node's addresses, and messages between connected peers by topic. */
export interface Swarm {
  /** This node's multiaddresses, with its peer id. */
  addresses(): readonly string[];
  /**
   * Receives the messages of other peers on a topic, once each, until `signal` aborts. Resolves once subscribed.
   *
   * @param judge handles an untrusted message and decides whether it is relayed
   * @throws Error already subscribed to the topic
   */
  subscribe(topic: string, judge: (message: TopicMessage) => Verdict, signal: AbortSignal): Promise<void>;
  /**
   * Sends a signed message to the connected subscribers of a topic; the sender need not subscribe.
   *
   * @param bytes at most `MAX_TOPIC_MESSAGE_BYTES`
   */
  publish(topic: string, bytes: Uint8Array): Promise<void>;
  /**
   * Finds the other workers of a job on a topic and stays connected with them until `signal` aborts. Peers sign their
   * announced addresses.
   *
   * @throws Error already subscribed to the topic
   */
  meet(topic: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
