import { openKubo } from "../../trainer/content/kubo.ts";
import { openKuboSwarm } from "../../trainer/network/kubo.ts";
import { startKubo, type KuboDaemon } from "../helpers/kubo-daemon.ts";
import type { Peer, PeerOptions } from "../trainer/content/peer.ts";

export interface KuboPeer extends Peer {
  readonly daemon: KuboDaemon;
}

/** Opens a store and a swarm on a daemon of their own; all three close together. */
export async function openKuboPeer(options: PeerOptions): Promise<KuboPeer> {
  const daemon = await startKubo();
  try {
    const peer = await joinKubo(daemon.url, options);
    return {
      ...peer,
      daemon,
      async close() {
        await peer.close();
        await daemon.close();
      },
    };
  } catch (error) {
    await daemon.close();
    throw error;
  }
}

/** Opens a store and a swarm on a running daemon, which stays when they close. */
export async function joinKubo(url: string, options: PeerOptions & { readonly owner?: string }): Promise<Peer> {
  const network = await openKuboSwarm({ ...options, url });
  const content = openKubo({ owner: "0x0", ...options }, { rpc: network.rpc });
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
}

/** The code of a promise's error; an error without one as it is, and "no error" if there is none. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => "no error",
    (reason: unknown) => reason,
  );
  return error instanceof Error && "code" in error ? error.code : error;
}
