import { createHash } from "node:crypto";

import { expect } from "chai";

import { temporaryFolders } from "../../helpers/temporary-folders.ts";
import { ChildStore, type StartedStore } from "./child-store.ts";
import { sampleBytes } from "./sample-bytes.ts";

const MODEL_BYTES = 2_400_000;
const LARGE_BYTES = 40_000_000;
const TIMEOUT_MS = 15_000;

describe("Helia between processes", function () {
  this.timeout(40_000);
  const children: ChildStore[] = [];
  const makeFolder = temporaryFolders();
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
  });

  function start(folder: string, ...bootstrap: readonly string[]): Promise<StartedStore> {
    return startFor(TIMEOUT_MS, folder, ...bootstrap);
  }

  async function startFor(
    fetchTimeoutMs: number,
    folder: string,
    ...bootstrap: readonly string[]
  ): Promise<StartedStore> {
    const started = await ChildStore.start({ folder, bootstrap, fetchTimeoutMs });
    children.push(started.store);
    return started;
  }

  it("carries a model between workers that know only a third one; it outlives the publisher", async () => {
    const hub = await start(makeFolder());
    const [a, b] = await Promise.all([start(makeFolder(), hub.address), start(makeFolder(), hub.address)]);
    const id = await a.store.ask({ ask: "add", seed: "model", length: MODEL_BYTES });
    const digest = digestOf("model", MODEL_BYTES);
    expect(await b.store.ask({ ask: "fetch", id })).to.equal(digest);
    await a.store.kill();
    expect(await b.store.ask({ ask: "fetch", id })).to.equal(digest);
    expect(await hub.store.ask({ ask: "fetch", id })).to.equal(digest);
  });

  it("serves again after a kill in the middle of serving, from another port with the same peer id", async () => {
    const [hub, folder] = [await start(makeFolder()), makeFolder()];
    const a = await start(folder, hub.address);
    const b = await startFor(30_000, makeFolder(), hub.address);
    const id = await a.store.ask({ ask: "add", seed: "large", length: LARGE_BYTES });
    let fetched = false;
    const fetching = b.store.ask({ ask: "fetch", id }).finally(() => (fetched = true));
    await sleep(250);
    await a.store.kill();
    expect(fetched).to.equal(false);
    const again = await start(folder, hub.address);
    expect(again.address).to.not.equal(a.address);
    expect(again.address.split("/p2p/")[1]).to.equal(a.address.split("/p2p/")[1]);
    expect(await fetching).to.equal(digestOf("large", LARGE_BYTES));
  });

  it("keeps added and fetched content after a kill", async () => {
    const [folderA, folderB] = [makeFolder(), makeFolder()];
    const a = await start(folderA);
    const b = await start(folderB, a.address);
    const id = await a.store.ask({ ask: "add", seed: "durable", length: MODEL_BYTES });
    await b.store.ask({ ask: "fetch", id });
    await Promise.all([a.store.kill(), b.store.kill()]);
    for (const folder of [folderA, folderB]) {
      const { store } = await startFor(500, folder);
      expect(await store.ask({ ask: "fetch", id })).to.equal(digestOf("durable", MODEL_BYTES));
    }
  });

  it("finds its peers again when the one that all bootstrap from comes back at another port", async () => {
    const folder = makeFolder();
    const hub = await start(folder);
    const a = await start(makeFolder(), hub.address);
    await a.store.ask({ ask: "add", seed: "before", length: 1_000 });
    await sleep(3_000); // The hub saves its peers two seconds after it met them.
    await hub.store.kill();
    const again = await start(folder);
    const id = await a.store.ask({ ask: "add", seed: "after", length: MODEL_BYTES });
    const digest = await again.store.ask({ ask: "fetch", id });
    expect(digest).to.equal(digestOf("after", MODEL_BYTES));
  });

  it("ends by itself once it is closed", async () => {
    const hub = await start(makeFolder());
    const a = await start(makeFolder(), hub.address);
    await sleep(500);
    expect(await a.store.ask({ ask: "close" })).to.equal("closed");
    expect(await a.store.exit()).to.equal(0);
    expect(await hub.store.exit()).to.equal(0);
  });
});

function digestOf(seed: string, length: number): string {
  return createHash("sha256").update(sampleBytes(seed, length)).digest("hex");
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
