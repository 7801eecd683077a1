import { openHelia } from "../../../trainer/content/helia.ts";
import type { ContentStore } from "../../../trainer/content/port.ts";
import type { DurableWrite } from "../../../trainer/journal/durable-file.ts";
import { createSwarm } from "../../../trainer/network/libp2p.ts";
import type { Swarm } from "../../../trainer/network/port.ts";

/** A content store with its own libp2p node; both close together. */
export interface Peer extends ContentStore {
  readonly network: Swarm;
}

export interface PeerOptions {
  readonly folder: string;
  readonly bootstrap: readonly string[];
  readonly fetchTimeoutMs?: number;
}

/** Opens a Helia store on a libp2p node in one folder. */
export async function openHeliaPeer(options: PeerOptions, write?: DurableWrite): Promise<Peer> {
  const network = await createSwarm(options);
  try {
    const content = await openHelia(options, { network, ...(write === undefined ? {} : { write }) });
    await network.start();
    return {
      network,
      add: (bytes) => content.add(bytes),
      fetch: (id, limits, signal) => content.fetch(id, limits, signal),
      drop: (id) => content.drop(id),
      async close() {
        await content.close();
        await network.close();
      },
    };
  } catch (error) {
    await network.close();
    throw error;
  }
}
