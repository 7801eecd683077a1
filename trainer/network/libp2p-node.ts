import { gossipsub } from "@libp2p/gossipsub";
import type { GossipSub } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Identify } from "@libp2p/identify";
import type { Libp2p, PrivateKey } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { ping } from "@libp2p/ping";
import type { Ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import type { Libp2pOptions } from "libp2p";

const MAX_CONNECTIONS = 256;
const MAX_PENDING_CONNECTIONS = 64;
const CONNECTIONS_A_SECOND_FROM_ONE_HOST = 64;
const DIAL_TIMEOUT_MS = 5_000;
// Training may block a peer's event loop for seconds, so a slow answer must not close the connection.
const PING_INTERVAL_MS = 60_000;
const PING_TIMEOUT_MS = 60_000;
const SOCKET_INACTIVITY_MS = 300_000;
const MAX_GOSSIP_BYTES = 65_536;

/** The services of every node. */
export type NodeServices = { identify: Identify; ping: Ping; pubsub: GossipSub };
export type Node = Libp2p<NodeServices>;

export interface NodeOptions {
  readonly privateKey: PrivateKey;
  /** Multiaddress to listen on. */
  readonly listen: string;
  /** Multiaddresses to announce instead of the listening ones, for nodes behind a router. */
  readonly announce: readonly string[];
}

/**
 * Creates a libp2p node with only TCP, Noise, Yamux, identify, ping and gossipsub. No public bootstrap, DHT, mDNS,
 * relay, UPnP or delegated routing: it dials only the given addresses and, once started, listens on one address.
 */
export function createNode(options: NodeOptions): Promise<Node> {
  return createLibp2p(nodeOptions(options));
}

function nodeOptions({ privateKey, listen, announce }: NodeOptions): Libp2pOptions<NodeServices> {
  return {
    privateKey,
    start: false,
    addresses: { listen: [listen], announce: [...announce] },
    transports: [
      tcp({
        inboundSocketInactivityTimeout: SOCKET_INACTIVITY_MS,
        outboundSocketInactivityTimeout: SOCKET_INACTIVITY_MS,
      }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: MAX_PENDING_CONNECTIONS,
      inboundConnectionThreshold: CONNECTIONS_A_SECOND_FROM_ONE_HOST,
      dialTimeout: DIAL_TIMEOUT_MS,
    },
    connectionMonitor: { pingInterval: PING_INTERVAL_MS, pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    services: { identify: identify(), ping: ping(), pubsub: pubsub() },
  };
}

// Many workers may share one address (a machine, a router), so a shared address must not lower their peer score.
function pubsub() {
  return gossipsub({
    globalSignaturePolicy: "StrictSign",
    allowPublishToZeroTopicPeers: true,
    floodPublish: true,
    emitSelf: false,
    fallbackToFloodsub: false,
    doPX: false,
    maxInboundDataLength: MAX_GOSSIP_BYTES,
    scoreParams: { IPColocationFactorWeight: 0 },
  });
}
