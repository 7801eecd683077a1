import { expect } from "chai";

import { temporaryFolders } from "../../helpers/temporary-folders.ts";
import { contentContract } from "./content-contract.ts";
import { openHeliaPeer, type Peer } from "./peer.ts";
import { sampleBytes } from "./sample-bytes.ts";

const LIMITS = { maxBytes: 4_000_000 };
const FETCH_TIMEOUT_MS = 10_000;
const TOPIC = "commonweight/31337/0x0000/1";

describe("Helia", () => {
  const makeFolder = temporaryFolders();
  contentContract("Helia", (bootstrap, fetchTimeoutMs) =>
    openHeliaPeer({ folder: makeFolder(), bootstrap, fetchTimeoutMs }),
  );
});

describe("Helia among workers that meet", function () {
  this.timeout(20_000);
  const never = new AbortController().signal;
  const makeFolder = temporaryFolders();
  const peers: Peer[] = [];
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()));
  });

  async function openPeer(...known: readonly Peer[]): Promise<Peer> {
    const bootstrap = known.flatMap(({ network }) => network.addresses());
    const peer = await openHeliaPeer({ folder: makeFolder(), bootstrap, fetchTimeoutMs: FETCH_TIMEOUT_MS });
    peers.push(peer);
    return peer;
  }

  it("ends a fetch that began before any peer was there, once the publisher joins the topic", async () => {
    const hub = await openPeer();
    const reader = await openPeer(hub);
    const bytes = sampleBytes("joins");
    const id = await (await openPeer()).add(bytes);
    const fetching = reader.fetch(id, LIMITS, never);
    await Promise.all([hub.network.meet(TOPIC, never), reader.network.meet(TOPIC, never)]);
    const publisher = await openPeer(hub);
    await publisher.add(bytes);
    await publisher.network.meet(TOPIC, never);
    expect(Buffer.compare(await fetching, bytes)).to.equal(0);
  });

  it("goes on without the only worker that all knew", async () => {
    const hub = await openPeer();
    const [a, b] = [await openPeer(hub), await openPeer(hub)];
    await Promise.all([hub, a, b].map(({ network }) => network.meet(TOPIC, never)));
    const seen = await a.add(sampleBytes("seen", 1_000));
    await b.fetch(seen, LIMITS, never);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await hub.close();
    const bytes = sampleBytes("without the hub");
    expect(Buffer.compare(await a.fetch(await b.add(bytes), LIMITS, never), bytes)).to.equal(0);
  });
});
