import { setTimeout as sleep } from "node:timers/promises";

import type { PeerId } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import type { Multiaddr } from "@multiformats/multiaddr";
import { base64url } from "multiformats/bases/base64";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../log.ts";
import type { Dialler } from "./connector.ts";
import { daemonFaulty, daemonUnfit } from "./kubo-errors.ts";
import type { KuboRpc } from "./kubo-rpc.ts";
import type { Gossip, Judge } from "./meeting.ts";
import { isPlausibleAddress } from "./plausible-address.ts";
import { MAX_TOPIC_MESSAGE_BYTES } from "./port.ts";

const POLL_MS = 2_000;
const SUBSCRIBE_TIMEOUT_MS = 10_000;
const RESUBSCRIBE_MS = 1_000;
/** A message of the largest size in base64, with its author, topic and signature. */
const MAX_LINE_BYTES = 2 * MAX_TOPIC_MESSAGE_BYTES + 8_192;
const NO_PUBSUB = /experimental pubsub|pubsub.*not (enabled|available)/i;

const messageSchema = z.object({ from: z.string().max(100), data: z.string(), seqno: z.string().min(1) });

/** The libp2p node of a Kubo daemon: its peers and its pubsub, by RPC. */
export class KuboNode implements Dialler, Gossip {
  readonly #rpc: KuboRpc;
  readonly #log: Log;
  readonly #subscribed = new Set<string>();
  readonly #peered = new Set<string>();
  #connected: ReadonlySet<string> = new Set();
  #self = "";
  #addresses: readonly string[] = [];

  private constructor(rpc: KuboRpc, log: Log) {
    this.#rpc = rpc;
    this.#log = log;
  }

  /**
   * Reads the daemon's peer id and addresses, and checks that its pubsub is on.
   *
   * @throws CONTENT_DAEMON_DOWN, CONTENT_DAEMON_UNFIT.
   */
  static async open(rpc: KuboRpc, log: Log): Promise<KuboNode> {
    const node = new KuboNode(rpc, log);
    await node.#readSelf();
    try {
      await rpc.call("pubsub ls", (client, options) => client.pubsub.ls(options));
    } catch (error) {
      if (!(error instanceof CommonweightError) || !NO_PUBSUB.test(error.message)) throw error;
      const hint = "Run `ipfs config --json Pubsub.Enabled true` and restart the daemon.";
      throw daemonUnfit(rpc.url, "has no pubsub, by which workers find each other", hint, error);
    }
    return node;
  }

  get self(): string {
    return this.#self;
  }

  /** The daemon's addresses that other workers can dial: TCP. */
  addresses(): readonly string[] {
    return this.#addresses;
  }

  connected(): ReadonlySet<string> {
    return this.#connected;
  }

  /** Connects, and asks the daemon to stay connected and to ask this peer for blocks (`swarm peering`). */
  async dial(peer: string, addresses: readonly Multiaddr[], signal: AbortSignal): Promise<void> {
    const connect = (address: Multiaddr) =>
      this.#rpc.call("swarm connect", (client, options) => client.swarm.connect(address, options), signal);
    await Promise.any(addresses.map(connect));
    this.#connected = new Set([...this.#connected, peer]);
    this.#peered.add(peer);
    await this.#peering("add", addresses.map(String), signal);
  }

  observe(onConnect: (peer: string) => void, onLoss: () => void, signal: AbortSignal): void {
    void this.#watch(onConnect, onLoss, signal);
  }

  async subscribe(topic: string, judge: Judge, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#subscribed.has(topic)) throw new Error(`already subscribed to ${topic}`);
    this.#subscribed.add(topic);
    signal.addEventListener("abort", () => this.#subscribed.delete(topic), { once: true });
    try {
      void this.#listen(await this.#open(topic, signal), topic, judge, signal);
    } catch (error) {
      this.#subscribed.delete(topic);
      throw error;
    }
  }

  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > MAX_TOPIC_MESSAGE_BYTES) throw new RangeError(`the message has ${bytes.length} bytes`);
    await this.#rpc.call("pubsub pub", (client, options) => client.pubsub.publish(topic, bytes, options));
  }

  /** Does nothing: the daemon does not report subscriptions of peers. Regular announcements reach newcomers. */
  onNewcomer(): void {}

  /** Asks the daemon to forget the peers that it was asked to stay connected with. */
  async forgetPeers(): Promise<void> {
    if (this.#peered.size === 0) return;
    try {
      await this.#peering("rm", [...this.#peered], AbortSignal.timeout(POLL_MS));
    } catch (error) {
      this.#log.debug({ error }, "the daemon keeps its peers until it restarts");
    }
  }

  async #peering(action: "add" | "rm", peers: readonly string[], signal: AbortSignal): Promise<void> {
    const names = peers.map((peer): [string, string] => ["arg", peer]);
    for await (const _ of await this.#rpc.stream(`swarm/peering/${action}`, names, signal));
  }

  async #readSelf(): Promise<void> {
    const { id, addresses } = await this.#rpc.call("id", (client, options) => client.id(options));
    this.#self = id.toString();
    this.#addresses = addresses.filter((address) => isPlausibleAddress(address, id)).map(String);
  }

  async #watch(onConnect: (peer: string) => void, onLoss: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#readSelf();
        const peers = await this.#rpc.call("swarm peers", (client, options) => client.swarm.peers(options), signal);
        const before = this.#connected;
        this.#connected = new Set(peers.map(({ peer }) => peer.toString()));
        for (const peer of this.#connected) if (!before.has(peer)) onConnect(peer);
        if ([...before].some((peer) => !this.#connected.has(peer))) onLoss();
      } catch (error) {
        if (signal.aborted) return;
        this.#connected = new Set();
        this.#log.debug({ error }, "could not read the daemon's peers; trying again later");
      }
      await pause(POLL_MS, signal);
    }
  }

  #open(topic: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const name = base64url.encode(Buffer.from(topic));
    return this.#rpc.stream("pubsub/sub", [["arg", name]], signal, SUBSCRIBE_TIMEOUT_MS);
  }

  /** Hears until `signal` aborts; subscribes again when the daemon ends the subscription, as when it restarts. */
  async #listen(opened: AsyncIterable<Uint8Array>, topic: string, judge: Judge, signal: AbortSignal): Promise<void> {
    let stream: AsyncIterable<Uint8Array> | undefined = opened;
    while (!signal.aborted) {
      try {
        stream ??= await this.#open(topic, signal);
        for await (const line of this.#lines(stream)) if (!signal.aborted) this.#hear(line, judge);
      } catch (error) {
        if (!signal.aborted) this.#log.debug({ topic, error }, "the subscription ended; subscribing again");
      }
      stream = undefined;
      await pause(RESUBSCRIBE_MS, signal);
    }
  }

  async *#lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    let rest = Buffer.alloc(0);
    for await (const chunk of stream) {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        yield rest.toString("utf8", 0, end);
        rest = rest.subarray(end + 1);
      }
      if (rest.length > MAX_LINE_BYTES) throw daemonFaulty(this.#rpc.url, "pubsub sub", "a line is too long");
    }
  }

  // Kubo verifies signatures and relays before the message is seen here, so the verdict has no effect.
  #hear(line: string, judge: Judge): void {
    const message = parseMessage(line);
    if (message === undefined) this.#log.debug({}, "ignored a message that does not parse");
    else if (message.from.toString() !== this.#self) judge(message.bytes, message.from);
  }
}

function parseMessage(line: string): { readonly from: PeerId; readonly bytes: Uint8Array } | undefined {
  try {
    const { from, data } = messageSchema.parse(JSON.parse(line));
    const bytes = base64url.decode(data);
    return bytes.length > MAX_TOPIC_MESSAGE_BYTES ? undefined : { from: peerIdFromString(from), bytes };
  } catch {
    return undefined; // Untrusted input.
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {}); // The caller checks whether the signal aborted.
}
