import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { startKubo, type KuboDaemon } from "../helpers/kubo-daemon.ts";
import { startKuboProxy, type KuboProxy, type Lie } from "../helpers/kubo-proxy.ts";
import { temporaryFolders } from "../helpers/temporary-folders.ts";
import type { Peer } from "../trainer/content/peer.ts";
import { sampleBytes } from "../trainer/content/sample-bytes.ts";
import { codeOf, joinKubo } from "./kubo-peer.ts";

const LIMITS = { maxBytes: 4_000_000 };
/** Time in which a busy machine reads the content. */
const FETCH_TIMEOUT_MS = 5_000;
/** An id that nobody has. */
const NOBODYS = "bafybeiatqrf5qpcdvxj4bh574zy2fjx6u373pnxb3jhnus4mtodpg4w4f4";
const MEGABYTE = 1_048_576;

describe("a Kubo daemon in trouble", function () {
  this.timeout(60_000);
  const never = new AbortController().signal;
  const makeFolder = temporaryFolders();
  let daemon: KuboDaemon;
  let proxy: KuboProxy;
  let peer: Peer;
  let id: string;
  const bytes = sampleBytes("trouble", 600_000);

  beforeEach(async () => {
    daemon = await startKubo();
    proxy = await startKuboProxy(daemon.url);
    peer = await joinKubo(proxy.url, { folder: makeFolder(), bootstrap: [], fetchTimeoutMs: FETCH_TIMEOUT_MS });
    id = await peer.add(bytes);
  });
  afterEach(async () => {
    proxy.lie = () => undefined;
    await peer.close();
    await proxy.stop();
    await daemon.close();
  });

  async function expectWorks(): Promise<void> {
    expect(Buffer.compare(await peer.fetch(id, LIMITS, never), bytes)).to.equal(0);
  }

  it("that stops is named as down, and what it has is read when it is started again", async () => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      await daemon.stop(signal);
      expect(await codeOf(peer.fetch(id, LIMITS, never))).to.equal("CONTENT_DAEMON_DOWN");
      expect(await codeOf(peer.add(bytes))).to.equal("CONTENT_DAEMON_DOWN");
      await daemon.start();
      await expectWorks();
    }
  });

  it("that stops during a fetch ends it as down", async () => {
    const fetching = codeOf(peer.fetch(NOBODYS, LIMITS, never));
    await sleep(300);
    await daemon.stop();
    expect(await fetching).to.equal("CONTENT_DAEMON_DOWN");
  });

  it("that hangs is named as down at the timeout, and serves again when it goes on", async () => {
    daemon.freeze();
    const startMs = Date.now();
    expect(await codeOf(peer.fetch(id, LIMITS, never))).to.equal("CONTENT_DAEMON_DOWN");
    expect(Date.now() - startMs).to.be.within(FETCH_TIMEOUT_MS - 50, FETCH_TIMEOUT_MS + 5_000);
    daemon.thaw();
    await expectWorks();
  });

  it("that restarts hears its topics again, and is found again by its peers", async function () {
    this.timeout(180_000);
    const other = await startKubo();
    const bootstrap = peer.network.addresses();
    const author = await joinKubo(other.url, { folder: makeFolder(), bootstrap });
    try {
      const heard: unknown[] = [];
      const note = (message: unknown) => {
        heard.push(message);
        return "accept" as const;
      };
      await peer.network.subscribe("commonweight/test", note, never);
      const untilHeard = async (): Promise<void> => {
        for (heard.length = 0; heard.length === 0; await sleep(200)) {
          await author.network.publish("commonweight/test", Buffer.from("message"));
        }
      };
      await untilHeard();
      await daemon.stop();
      await daemon.start();
      await untilHeard();
    } finally {
      await author.close();
      await other.close();
    }
  });

  const LIES: readonly (readonly [name: string, lie: Lie, code: string])[] = [
    ["other bytes", { kind: "body", body: sampleBytes("other", 1_000) }, "CONTENT_DAEMON_FAULTY"],
    ["no bytes", { kind: "body", body: new Uint8Array(0) }, "CONTENT_DAEMON_FAULTY"],
    ["one bit changed", { kind: "corrupt" }, "CONTENT_DAEMON_FAULTY"],
    ["a block without its last byte", { kind: "truncated" }, "CONTENT_DAEMON_FAULTY"],
    ["a block without an end", { kind: "endless", status: 200 }, "CONTENT_DAEMON_FAULTY"],
    ["an error without an end", { kind: "endless", status: 500 }, "CONTENT_DAEMON_REFUSED"],
    ["a page of another server", { kind: "endless", status: 404 }, "CONTENT_DAEMON_UNFIT"],
    ["a block that breaks off", { kind: "broken" }, "CONTENT_DAEMON_DOWN"],
    ["a block that stalls, as from no peer", { kind: "stalled" }, "CONTENT_UNAVAILABLE"],
  ];
  for (const [name, lie, code] of LIES) {
    it(`that answers with ${name} gives ${code}, whatever the content is`, async () => {
      proxy.lie = (command) => (command === "block/get" ? lie : undefined);
      expect(await codeOf(peer.fetch(id, LIMITS, never))).to.equal(code);
      expect(proxy.endlessBytes()).to.be.below(64 * MEGABYTE);
      proxy.lie = () => undefined;
      await expectWorks();
    });
  }

  it("that lies about one leaf of many does not get its bytes used", async () => {
    let count = 0;
    proxy.lie = (command) => (command === "block/get" && ++count === 3 ? { kind: "corrupt" } : undefined);
    expect(await codeOf(peer.fetch(id, LIMITS, never))).to.equal("CONTENT_DAEMON_FAULTY");
    expect(count).to.be.at.least(3);
  });

  it("that stores other bytes than it was given is noticed", async () => {
    const other = Buffer.from(JSON.stringify({ Key: NOBODYS, Size: 1 }));
    for (const body of [other, Buffer.from("no JSON"), Buffer.from("{}")]) {
      proxy.lie = (command) => (command === "block/put" ? { kind: "body", body } : undefined);
      expect(await codeOf(peer.add(sampleBytes("new", 1_000)))).to.equal("CONTENT_DAEMON_FAULTY");
    }
  });

  it("that has no pubsub, or is none, is refused at the start with the next step", async () => {
    await daemon.stop();
    const plain = await startKubo({ pubsub: false });
    try {
      const options = { folder: makeFolder(), bootstrap: [] };
      expect(await codeOf(joinKubo(plain.url, options))).to.equal("CONTENT_DAEMON_UNFIT");
      expect(await codeOf(joinKubo(daemon.url, options))).to.equal("CONTENT_DAEMON_DOWN");
    } finally {
      await plain.close();
    }
  });
});
