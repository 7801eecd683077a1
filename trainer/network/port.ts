/** A message on a topic. Its signature is verified: it comes from the peer that it names. */
export interface TopicMessage {
  /** Peer id of the author. */
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** What happens to a message: it is relayed, it is not, or it is not and counts against the peer that relayed it. */
export type Verdict = "accept" | "ignore" | "reject";

/** Bytes of a message at most. */
export const MAX_TOPIC_MESSAGE_BYTES = 32_768;

/** The peers that this node is connected with: where it is reached, and messages by topic. */
export interface Swarm {
  /** Where other nodes reach this one: multiaddresses with its peer id. */
  addresses(): readonly string[];
  /**
   * Receives the messages of other peers on a topic, once each, until `signal` aborts. Returns when it has subscribed.
   *
   * @param judge handles a message and decides whether it is relayed; strangers may send anything
   * @throws the topic is subscribed to already
   */
  subscribe(topic: string, judge: (message: TopicMessage) => Verdict, signal: AbortSignal): Promise<void>;
  /**
   * Sends a signed message to the connected subscribers of a topic; its author need not be one of them.
   *
   * @param bytes at most `MAX_TOPIC_MESSAGE_BYTES`
   */
  publish(topic: string, bytes: Uint8Array): Promise<void>;
  /**
   * Meets the other workers of a job on a topic and stays connected with them until `signal` aborts. Announcements of
   * addresses are signed by the peer that they name.
   *
   * @throws the topic is subscribed to already
   */
  meet(topic: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
