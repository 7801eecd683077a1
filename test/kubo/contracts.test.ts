import { temporaryFolders } from "../helpers/temporary-folders.ts";
import { contentContract } from "../trainer/content/content-contract.ts";
import { swarmContract } from "../trainer/network/swarm-contract.ts";
import { openKuboPeer } from "./kubo-peer.ts";

describe("Kubo", () => {
  const makeFolder = temporaryFolders();
  contentContract("Kubo", (bootstrap, fetchTimeoutMs) =>
    openKuboPeer({ folder: makeFolder(), bootstrap, fetchTimeoutMs }),
  );

  swarmContract("Kubo", async (bootstrap) => {
    const peer = await openKuboPeer({ folder: makeFolder(), bootstrap });
    const { network } = peer;
    return {
      addresses: () => network.addresses(),
      subscribe: (topic, judge, signal) => network.subscribe(topic, judge, signal),
      publish: (topic, bytes) => network.publish(topic, bytes),
      meet: (topic, signal) => network.meet(topic, signal),
      close: () => peer.close(),
    };
  });
});
