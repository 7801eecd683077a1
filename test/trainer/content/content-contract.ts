import { expect } from "chai";

import type { Peer } from "./peer.ts";
import { sampleBytes } from "./sample-bytes.ts";

/** Opens another empty store, which knows the peers at the given addresses. The suite closes all stores. */
export type OpenStore = (bootstrap: readonly string[], fetchTimeoutMs: number) => Promise<Peer>;

const LIMITS = { maxBytes: 4_000_000 };
const FETCH_TIMEOUT_MS = 10_000;
const MODEL_BYTES = 2_400_000;

/** Ids from ipfs-unixfs-importer 17.1.1, recorded when the profile was pinned; not yet compared with Kubo's. */
const VECTORS: readonly (readonly [name: string, bytes: Uint8Array, id: string])[] = [
  ["no bytes", new Uint8Array(0), "bafybeif7ztnhq65lumvvtr4ekcwd2ifwgm3awq4zfr3srh462rwyinlb4y"],
  ["one zero", new Uint8Array(1), "bafybeiatqrf5qpcdvxj4bh574zy2fjx6u373pnxb3jhnus4mtodpg4w4f4"],
  ["one chunk", new Uint8Array(262_144), "bafybeif2jr2lyup3pn4kyii7xo4h7f4u64pmgaprrei5hecr27mb4r7h7e"],
  ["two chunks", new Uint8Array(262_145), "bafybeigllfqgfpqydppr6cmv56g7ax4wyhruzswvcefv6j5kj77nzttfki"],
  ["many zeros", new Uint8Array(MODEL_BYTES), "bafybeifctyo6vxqfptwwnmbhw44nfikma3ik7dzsivhwfas7vvwcg3fzzm"],
  ["two levels", new Uint8Array(262_144 * 175), "bafybeigfps5vzivfspwgm3uwsfyl5s6bn3ysh7uqidgauxgopw4yi66lse"],
];

/** Tests for every adapter of the content port. */
export function contentContract(name: string, open: OpenStore): void {
  describe(`content contract: ${name}`, function () {
    this.timeout(20_000);
    const never = new AbortController().signal;
    const stores: Peer[] = [];
    afterEach(async () => {
      await Promise.all(stores.splice(0).map((store) => store.close()));
    });

    function openStore(...bootstrap: readonly Peer[]): Promise<Peer> {
      return openStoreFor(FETCH_TIMEOUT_MS, ...bootstrap);
    }

    async function openStoreFor(fetchTimeoutMs: number, ...bootstrap: readonly Peer[]): Promise<Peer> {
      const addresses = bootstrap.flatMap(({ network }) => network.addresses());
      const store = await open(addresses, fetchTimeoutMs);
      stores.push(store);
      return store;
    }

    async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
      const error: unknown = await promise.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.an("error").with.property("code", code);
    }

    it("refuses an id of any other form", async () => {
      const store = await openStore();
      const others = [
        "",
        "hello",
        "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH", // version 0
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", // raw codec
        "zdj7WfLr9DhLrb1hsoSi4fSdjjxuZmeqgEtBPWxMLtPbDNbFD", // base58
        "bafyaabakaieac", // identity hash
        `${VECTORS[0]?.[2]}/path`,
      ];
      for (const id of others) await expectCode(store.fetch(id, LIMITS, never), "CONTENT_ID_INVALID");
    });

    it("fails at the timeout, and not later, if no peer serves the content", async () => {
      const store = await openStoreFor(400, await openStore());
      const startMs = Date.now();
      const id = VECTORS[1]?.[2] ?? "";
      await expectCode(store.fetch(id, LIMITS, never), "CONTENT_UNAVAILABLE");
      expect(Date.now() - startMs).to.be.within(350, 1_500);
    });

    it("ends a fetch with the reason of its signal", async () => {
      const store = await openStore();
      const stop = new AbortController();
      const reason = new Error("the worker shuts down");
      const fetching = store.fetch(VECTORS[1]?.[2] ?? "", LIMITS, stop.signal).catch((error: unknown) => error);
      setTimeout(() => stop.abort(reason), 50);
      expect(await fetching).to.equal(reason);
    });

    it("reads as many bytes as the limit allows, and not one more", async () => {
      const publisher = await openStore();
      const id = await publisher.add(sampleBytes("limit"));
      for (const store of [publisher, await openStore(publisher)]) {
        await expectCode(store.fetch(id, { ...LIMITS, maxBytes: MODEL_BYTES - 1 }, never), "CONTENT_TOO_LARGE");
        const bytes = await store.fetch(id, { ...LIMITS, maxBytes: MODEL_BYTES }, never);
        expect(bytes).to.have.length(MODEL_BYTES);
      }
    });

    for (const [what, bytes, id] of VECTORS) {
      it(`gives ${what} the id that they have everywhere, and gives them back`, async () => {
        const store = await openStore();
        expect(await store.add(bytes)).to.equal(id);
        expect(await store.add(bytes)).to.equal(id);
        const read = await store.fetch(id, { ...LIMITS, maxBytes: bytes.length }, never);
        expect(Buffer.compare(read, bytes)).to.equal(0);
      });
    }

    it("fetches from a peer, keeps what it fetched, and serves it when the publisher is gone", async () => {
      const publisher = await openStore();
      const reader = await openStore(publisher);
      const bytes = sampleBytes("kept");
      const id = await publisher.add(bytes);
      expect(Buffer.compare(await reader.fetch(id, LIMITS, never), bytes)).to.equal(0);
      await publisher.close();
      expect(Buffer.compare(await reader.fetch(id, LIMITS, never), bytes)).to.equal(0);
      const late = await openStore(reader);
      expect(Buffer.compare(await late.fetch(id, LIMITS, never), bytes)).to.equal(0);
    });

    it("ends a fetch that began before anybody had the content, once a connected peer adds it", async () => {
      const publisher = await openStore();
      const reader = await openStore(publisher);
      const bytes = sampleBytes("later");
      const id = await (await openStore()).add(bytes);
      const fetching = reader.fetch(id, LIMITS, never);
      setTimeout(() => void publisher.add(bytes), 500);
      expect(Buffer.compare(await fetching, bytes)).to.equal(0);
    });

    it("deletes dropped content, but not other content that shares blocks with it", async () => {
      const store = await openStoreFor(1_000);
      const bytes = sampleBytes("shared");
      const [whole, part] = [await store.add(bytes), await store.add(bytes.slice(0, 262_144 * 2))];
      await store.drop(whole);
      await store.drop(whole);
      await expectCode(store.fetch(whole, LIMITS, never), "CONTENT_UNAVAILABLE");
      expect(await store.fetch(part, LIMITS, never)).to.have.length(262_144 * 2);
    });

    it("still has what it kept when a fetch with a lower limit was refused", async () => {
      const store = await openStore();
      const id = await store.add(sampleBytes("low"));
      await expectCode(store.fetch(id, { ...LIMITS, maxBytes: 10 }, never), "CONTENT_TOO_LARGE");
      expect(await store.fetch(id, LIMITS, never)).to.have.length(MODEL_BYTES);
    });

    it("ends what is under way when it is closed, and refuses everything afterwards", async () => {
      const store = await openStore();
      const fetching = store.fetch(VECTORS[1]?.[2] ?? "", LIMITS, never);
      const ended = expectCode(fetching, "CONTENT_CLOSED");
      await store.close();
      await ended;
      await store.close();
      await expectCode(store.add(new Uint8Array(1)), "CONTENT_CLOSED");
    });
  });
}
