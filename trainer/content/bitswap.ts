import { withBitswap } from "@helia/bitswap";
import type { BitswapBlockBrokerInit } from "@helia/bitswap";
import type { PeerId } from "@libp2p/interface";
import type { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";

import type { BlockStore } from "./block-store.ts";
import type { Node } from "../network/libp2p-node.ts";
import { MAX_BLOCK_BYTES } from "./unixfs-profile.ts";

/** Protocol id shared by Helia's bitswap and Kubo. */
export const BITSWAP_PROTOCOL = "/ipfs/bitswap/1.2.0";

const MESSAGE_TIMEOUT_MS = 60_000;
// Bounds the memory that one peer can claim: 128 blocks of 256 KiB.
const MAX_WANTS_A_PEER = 128;

/** One line of a bitswap want list. */
export interface WantEntry {
  readonly cid: CID;
  readonly kind: "have?" | "block" | "cancel";
}

export interface BitswapEvents {
  /** A block arrived; its id was computed from its bytes, so they match. */
  onBlock(cid: CID, bytes: Uint8Array, sender: PeerId): void;
  /** A peer answered whether it has a block. */
  onPresence(cid: CID, has: boolean, sender: PeerId): void;
}

/** The part of Helia's bitswap engine that this project uses. */
export interface Bitswap {
  /** Sends want-list entries to a connected peer; at most one entry per id. */
  send(peer: PeerId, entries: readonly WantEntry[]): Promise<void>;
  /** Notifies the peers that asked for the block that it is available. */
  announce(cid: CID): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Helia's bitswap on a libp2p node and a block store. The engine serves blocks; `BlockExchange` chooses the peer
 * to request each block from.
 *
 * `createHeliaLight` of `helia` 7 is no replacement for the stand-in host below: the package has one entry point, which
 * loads WebRTC, a DHT and HTTP gateways (457 packages with react-native, 288 MB; it takes six times as long to import
 * as `@helia/bitswap`). This adapter uses internals of the engine, because the engine's own client requests every block
 * from every peer, so that each holder sends the whole file; package.json pins the exact version.
 */
export async function startBitswap(node: Node, blocks: BlockStore, events: BitswapEvents): Promise<Bitswap> {
  const broker = await startBroker(node, blocks);
  const { network, wantList } = broker.bitswap;
  wantList.addEventListener("block", ({ detail }) => {
    events.onBlock(detail.cid, detail.block, detail.sender);
  });
  wantList.addEventListener("presence", ({ detail }) => {
    if (detail.block === undefined) events.onPresence(detail.cid, detail.has, detail.sender);
  });
  return {
    send: (peer, entries) =>
      network.sendMessage(peer, messageOf(entries), { signal: AbortSignal.timeout(MESSAGE_TIMEOUT_MS) }),
    announce: (cid) => broker.announce(cid),
    stop: () => broker.stop(),
  };
}

interface WireEntry {
  cid: Uint8Array;
  priority: number;
  cancel: boolean;
  /** 0 requests the block, 1 asks whether the peer has it. */
  wantType: 0 | 1;
  sendDontHave: boolean;
}

interface WireMessage {
  full: boolean;
  pendingBytes: number;
  wantlist: Map<string, WireEntry>;
  blocks: Map<string, unknown>;
  blockPresences: Map<string, unknown>;
}

interface BlockDetail {
  readonly cid: CID;
  readonly block: Uint8Array;
  readonly sender: PeerId;
}

interface PresenceDetail {
  readonly cid: CID;
  readonly has: boolean;
  readonly block?: Uint8Array;
  readonly sender: PeerId;
}

/** The internals of @helia/bitswap 4.0.19 that this adapter uses. */
interface Broker {
  announce(cid: CID): Promise<void>;
  stop(): Promise<void>;
  readonly bitswap: {
    readonly network: {
      sendMessage(peer: PeerId, message: WireMessage, options: { signal: AbortSignal }): Promise<void>;
    };
    readonly wantList: {
      addEventListener(type: "block", listener: (event: { detail: BlockDetail }) => void): void;
      addEventListener(type: "presence", listener: (event: { detail: PresenceDetail }) => void): void;
    };
  };
}

interface Mixin {
  start?(host: unknown): Promise<void>;
}

// `withBitswap` is the package's only export. It adds its engine to a Helia node; `host` stands in for one.
async function startBroker(node: Node, blocks: BlockStore): Promise<Broker> {
  const mixins: Mixin[] = [];
  const brokers: Broker[] = [];
  const host = {
    status: "starting",
    libp2p: node,
    blockstore: blocks,
    logger: node.logger,
    routing: { findProviders: async function* () {} },
    getHasher: hasherOf,
    hasBlockBroker: () => false,
    addBlockBroker: (broker: Broker) => brokers.push(broker),
    addMixin: (mixin: Mixin) => mixins.push(mixin),
  };
  withBitswap(host as unknown as Parameters<typeof withBitswap>[0], brokerOptions());
  for (const mixin of mixins) await mixin.start?.(host);
  const [broker] = brokers;
  if (broker?.bitswap?.network === undefined) throw new Error("@helia/bitswap has an unsupported version");
  return broker;
}

function brokerOptions(): BitswapBlockBrokerInit {
  const options = {
    maxIncomingMessageSize: MAX_BLOCK_BYTES,
    messageReceiveTimeout: MESSAGE_TIMEOUT_MS,
    messageSendTimeout: MESSAGE_TIMEOUT_MS,
    maxWantlistSize: MAX_WANTS_A_PEER,
    // The engine reads this spelling, not the documented one above.
    maxWantListSize: MAX_WANTS_A_PEER,
  };
  return options;
}

function hasherOf(code: number): typeof sha256 {
  if (code !== sha256.code) throw new Error(`hash function ${code} is not used here`);
  return sha256;
}

function messageOf(entries: readonly WantEntry[]): WireMessage {
  const wantlist = new Map(entries.map((entry) => [entry.cid.toString(), wireEntry(entry)]));
  return { full: false, pendingBytes: 0, wantlist, blocks: new Map(), blockPresences: new Map() };
}

function wireEntry({ cid, kind }: WantEntry): WireEntry {
  const wantType = kind === "have?" ? 1 : 0;
  return { cid: cid.bytes, priority: 1, cancel: kind === "cancel", wantType, sendDontHave: kind !== "cancel" };
}
