import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { BlockExchange } from "../../../trainer/content/block-exchange.ts";
import { BlockStore } from "../../../trainer/content/block-store.ts";
import { silentLog } from "../../../trainer/log.ts";
import { writeDurably } from "../../../trainer/journal/durable-file.ts";
import type { DurableWrite } from "../../../trainer/journal/durable-file.ts";
import { createNode } from "../../../trainer/network/libp2p-node.ts";
import { loadPeerKey } from "../../../trainer/network/peer-key.ts";
import { contentIdOfBytes } from "../../../trainer/content/unixfs-profile.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";
import { openHeliaPeer, type Peer } from "./peer.ts";
import { sampleBytes } from "./sample-bytes.ts";

const LIMITS = { maxBytes: 4_000_000 };
const FETCH_TIMEOUT_MS = 8_000;
const never = new AbortController().signal;

/** A store that claims to have every block, but serves wrong bytes. */
class LyingStore extends BlockStore {
  override async has(): Promise<boolean> {
    return true;
  }
  override async *get(): AsyncGenerator<Uint8Array> {
    yield sampleBytes("a lie", 1_500);
  }
}

describe("Helia's folder", function () {
  this.timeout(20_000);
  const makeFolder = temporaryFolders();
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  async function open(
    folder: string,
    known: readonly string[] | Peer = [],
    { fetchTimeoutMs = FETCH_TIMEOUT_MS, write }: { fetchTimeoutMs?: number; write?: DurableWrite } = {},
  ): Promise<Peer> {
    const bootstrap = "network" in known ? known.network.addresses() : known;
    const store = await openHeliaPeer({ folder, bootstrap, fetchTimeoutMs }, write);
    closers.push(() => store.close());
    return store;
  }

  function blockFiles(folder: string): readonly string[] {
    const files = readdirSync(join(folder, "blocks"), { recursive: true, withFileTypes: true });
    return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  }

  function leafFile(folder: string): string {
    const leaf = blockFiles(folder).find((file) => statSync(file).size > 100_000);
    if (leaf === undefined) throw new Error("no leaf");
    return leaf;
  }

  async function codeOf(promise: Promise<unknown>): Promise<unknown> {
    const error: unknown = await promise.then(
      () => "no error",
      (reason: unknown) => reason,
    );
    return error instanceof Error && "code" in error ? error.code : error;
  }

  const damages: readonly (readonly [name: string, act: (file: string) => void])[] = [
    ["cut short", (file) => truncateSync(file, 1_000)],
    ["empty", (file) => truncateSync(file, 0)],
    ["changed in one bit", (file) => writeFileSync(file, flipped(readFileSync(file)))],
  ];
  for (const [name, damage] of damages) {
    it(`refetches a block that is ${name}, and never serves it`, async () => {
      const [folder, bytes] = [makeFolder(), sampleBytes(name)];
      const damaged = await open(folder);
      const id = await damaged.add(bytes);
      const file = leafFile(folder);
      damage(file);

      const reader = await open(makeFolder(), damaged, { fetchTimeoutMs: 700 });
      expect(await codeOf(reader.fetch(id, LIMITS, never))).to.equal("CONTENT_UNAVAILABLE");

      const healthy = await open(makeFolder(), damaged);
      await healthy.add(bytes);
      expect(Buffer.compare(await damaged.fetch(id, LIMITS, never), bytes)).to.equal(0);
      expect(statSync(file).size).to.be.above(100_000);
      expect(Buffer.compare(await fetchWithin(FETCH_TIMEOUT_MS, reader, id), bytes)).to.equal(0);
    });
  }

  it("repairs a damaged block when its content is added again", async () => {
    const [folder, bytes] = [makeFolder(), sampleBytes("again")];
    const store = await open(folder);
    const id = await store.add(bytes);
    truncateSync(leafFile(folder), 10);
    await store.add(bytes);
    expect(Buffer.compare(await store.fetch(id, LIMITS, never), bytes)).to.equal(0);
  });

  it("rejects a peer that serves wrong bytes, and fetches from another", async () => {
    const node = await createNode({
      privateKey: await loadPeerKey(join(makeFolder(), "key")),
      listen: "/ip4/127.0.0.1/tcp/0",
      announce: [],
    });
    const exchange = await BlockExchange.start(node, new LyingStore(makeFolder(), silentLog), silentLog);
    await node.start();
    closers.push(async () => {
      await exchange.stop();
      await node.stop();
    });
    const bytes = sampleBytes("the truth");
    const id = await contentIdOfBytes(bytes);
    const liar = node.getMultiaddrs().map(String);
    const alone = await open(makeFolder(), liar, { fetchTimeoutMs: 1_500 });
    expect(await codeOf(alone.fetch(id, LIMITS, never))).to.equal("CONTENT_UNAVAILABLE");

    const honest = await open(makeFolder());
    await honest.add(bytes);
    const reader = await open(makeFolder(), [...liar, ...honest.network.addresses()], { fetchTimeoutMs: 15_000 });
    expect(Buffer.compare(await reader.fetch(id, LIMITS, never), bytes)).to.equal(0);
  });

  it("reports a full disk, and leaves no partial content", async () => {
    let room = 4;
    const write: DurableWrite = async (path, bytes) => {
      if (path.includes("blocks") && room-- <= 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      await writeDurably(path, bytes);
    };
    const folder = makeFolder();
    const store = await open(folder, [], { write });
    const bytes = sampleBytes("too much");
    expect(await codeOf(store.add(bytes))).to.equal("CONTENT_DISK_FULL");
    expect(blockFiles(folder)).to.deep.equal([]);

    room = 4;
    const publisher = await open(makeFolder());
    const id = await publisher.add(bytes);
    const reader = await open(makeFolder(), publisher, { write });
    expect(await codeOf(reader.fetch(id, LIMITS, never))).to.equal("CONTENT_DISK_FULL");
    room = 100;
    expect(Buffer.compare(await reader.fetch(id, LIMITS, never), bytes)).to.equal(0);
  });

  it("removes at the next start what a crash left: unfinished files, and blocks of unfinished contents", async () => {
    const folder = makeFolder();
    const store = await open(folder);
    const id = await store.add(sampleBytes("stays"));
    const kept = blockFiles(folder).length;
    await store.close();
    const leaf = leafFile(folder);
    writeFileSync(join(leaf, "..", ".unfinished-00-x"), "half");
    writeFileSync(leaf.replace(/.{10}\.data$/u, "AAAAAAAAAA.data"), "a block that nothing claims");
    const reopened = await open(folder);
    expect(blockFiles(folder)).to.have.length(kept);
    expect(await reopened.fetch(id, LIMITS, never)).to.have.length(2_400_000);
  });
});

/** Repeats a fetch until `timeoutMs`, because the store's own timeout is shorter. */
async function fetchWithin(timeoutMs: number, store: Peer, id: string): Promise<Uint8Array> {
  for (const endMs = Date.now() + timeoutMs; ;) {
    try {
      return await store.fetch(id, LIMITS, never);
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
}

function flipped(bytes: Buffer): Buffer {
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
  return bytes;
}
