import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { temporaryFolders } from "../helpers/temporary-folders.ts";
import { openHeliaPeer, type Peer } from "../trainer/content/peer.ts";
import { sampleBytes } from "../trainer/content/sample-bytes.ts";
import { codeOf, joinKubo, openKuboPeer, type KuboPeer } from "./kubo-peer.ts";

const LIMITS = { maxBytes: 4_000_000 };
const FETCH_TIMEOUT_MS = 15_000;
const TOPIC = "commonweight/31337/0x0000/1";
const QUIET_MS = 1_000;

describe("Kubo and Helia", function () {
  this.timeout(60_000);
  const never = new AbortController().signal;
  const makeFolder = temporaryFolders();
  const peers: Peer[] = [];
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()));
  });

  async function openHelia(...known: readonly Peer[]): Promise<Peer> {
    return opened(await openHeliaPeer(optionsFor(known)));
  }

  async function openKubo(...known: readonly Peer[]): Promise<KuboPeer> {
    return opened(await openKuboPeer(optionsFor(known)));
  }

  function optionsFor(known: readonly Peer[]) {
    const bootstrap = known.flatMap(({ network }) => network.addresses());
    return { folder: makeFolder(), bootstrap, fetchTimeoutMs: FETCH_TIMEOUT_MS };
  }

  function opened<Opened extends Peer>(peer: Opened): Opened {
    peers.push(peer);
    return peer;
  }

  async function expectExchange(a: Peer, b: Peer): Promise<void> {
    for (const [from, to, seed] of [
      [a, b, "there"],
      [b, a, "and back"],
    ] as const) {
      const bytes = sampleBytes(seed);
      const id = await from.add(bytes);
      expect(Buffer.compare(await to.fetch(id, LIMITS, never), bytes)).to.equal(0);
    }
  }

  it("exchange content both ways when the Helia worker bootstraps from the daemon", async () => {
    const kubo = await openKubo();
    await expectExchange(await openHelia(kubo), kubo);
  });

  it("exchange content both ways when the daemon is given the Helia worker's address", async () => {
    const helia = await openHelia();
    await expectExchange(helia, await openKubo(helia));
  });

  it("give the same bytes the same id", async () => {
    const [kubo, helia] = [await openKubo(), await openHelia()];
    for (const length of [0, 1, 262_144, 262_145, 2_400_000]) {
      const bytes = sampleBytes("same", length);
      expect(await kubo.add(bytes)).to.equal(await helia.add(bytes));
    }
    const file = await kubo.daemon.ipfs("cat", await kubo.add(Buffer.from("read by any IPFS program")));
    expect(file).to.equal("read by any IPFS program");
  });

  it("carry messages on a topic both ways, with their author", async () => {
    const kubo = await openKubo();
    const helia = await openHelia(kubo);
    for (const [from, to] of [
      [kubo, helia],
      [helia, kubo],
    ] as const) {
      const authors: string[] = [];
      const stop = new AbortController();
      const hear = ({ from: author }: { readonly from: string }) => {
        authors.push(author);
        return "accept" as const;
      };
      await to.network.subscribe("commonweight/test", hear, stop.signal);
      while (authors.length === 0) {
        await from.network.publish("commonweight/test", Buffer.from("message"));
        await sleep(200);
      }
      expect(from.network.addresses()[0]).to.contain(`/p2p/${authors[0]}`);
      stop.abort();
    }
  });

  it("bring Helia workers together that know only the daemon, and their content outlives it", async () => {
    const hub = await openKubo();
    const [a, b] = [await openHelia(hub), await openHelia(hub)];
    await Promise.all([hub, a, b].map(({ network }) => network.meet(TOPIC, never)));
    const first = await a.add(sampleBytes("first", 1_000));
    await b.fetch(first, LIMITS, never);
    await sleep(QUIET_MS);
    await hub.close();
    const bytes = sampleBytes("without the hub");
    expect(Buffer.compare(await a.fetch(await b.add(bytes), LIMITS, never), bytes)).to.equal(0);
  });

  it("find each other through a third worker that both know", async () => {
    const hub = await openHelia();
    const [kubo, helia] = [await openKubo(hub), await openHelia(hub)];
    await Promise.all([hub, kubo, helia].map(({ network }) => network.meet(TOPIC, never)));
    await expectExchange(kubo, helia);
  });

  it("come to the same verdict on content that was published wrongly", async () => {
    const kubo = await openKubo();
    const helia = await openHelia(kubo);
    const chunked = await kubo.daemon.add(sampleBytes("other chunks"), "--chunker=size-1000");
    const folder = await kubo.daemon.add(new Uint8Array(10), "--wrap-with-directory");
    for (const id of [chunked, folder]) {
      for (const reader of [kubo, helia])
        expect(await codeOf(reader.fetch(id, LIMITS, never))).to.equal("CONTENT_CORRUPT");
    }
    const large = await kubo.add(sampleBytes("large"));
    for (const reader of [kubo, helia]) {
      expect(await codeOf(reader.fetch(large, { maxBytes: 1_000 }, never))).to.equal("CONTENT_TOO_LARGE");
    }
  });

  it("keeps what another worker on the same daemon still has", async () => {
    const first = await openKubo();
    const second = opened(await joinKubo(first.daemon.url, { ...optionsFor([]), fetchTimeoutMs: 5_000, owner: "0x1" }));
    const bytes = sampleBytes("shared", 600_000);
    const id = await first.add(bytes);
    await second.fetch(id, LIMITS, never);
    await first.drop(id);
    await first.daemon.ipfs("repo", "gc");
    expect(Buffer.compare(await second.fetch(id, LIMITS, never), bytes)).to.equal(0);
    await second.drop(id);
    expect(await codeOf(second.fetch(id, LIMITS, never))).to.equal("CONTENT_UNAVAILABLE");
  });

  it("keeps content through the daemon's garbage collection and a kill", async () => {
    const kubo = await openKubo();
    const bytes = sampleBytes("kept");
    const id = await kubo.add(bytes);
    await kubo.daemon.ipfs("repo", "gc");
    await kubo.daemon.stop("SIGKILL");
    await kubo.daemon.start();
    expect(Buffer.compare(await kubo.fetch(id, LIMITS, never), bytes)).to.equal(0);
  });
});
