import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { silentLog } from "../../../trainer/log.ts";
import { createSwarm, type Libp2pSwarm } from "../../../trainer/network/libp2p.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";
import { relayContract, swarmContract } from "./swarm-contract.ts";

async function open(folder: string, bootstrap: readonly string[] = [], listen?: string): Promise<Libp2pSwarm> {
  const swarm = await createSwarm({ folder, bootstrap, ...(listen === undefined ? {} : { listen }) });
  await swarm.start();
  return swarm;
}

describe("libp2p", () => {
  const makeFolder = temporaryFolders();
  swarmContract("libp2p", (bootstrap) => open(makeFolder(), bootstrap));
  relayContract("libp2p", (bootstrap) => open(makeFolder(), bootstrap));
});

describe("libp2p's folder", () => {
  const makeFolder = temporaryFolders();
  const swarms: Libp2pSwarm[] = [];
  afterEach(async () => {
    await Promise.all(swarms.splice(0).map((swarm) => swarm.close()));
  });

  async function opened(folder: string, bootstrap: readonly string[] = [], listen?: string): Promise<Libp2pSwarm> {
    const swarm = await open(folder, bootstrap, listen);
    swarms.push(swarm);
    return swarm;
  }

  it("refuses a bootstrap address without a peer id, an invalid address, and a key file without a key", async () => {
    for (const bootstrap of ["/ip4/192.0.2.1/tcp/4001", "node.example.org"]) {
      expect(await codeOf(opened(makeFolder(), [bootstrap]))).to.equal("CONTENT_BOOTSTRAP_INVALID");
    }
    const folder = makeFolder();
    writeFileSync(join(folder, "peer-key"), "no key");
    expect(await codeOf(opened(folder))).to.equal("CONTENT_KEY_CORRUPT");
  });

  it("warns of its own address alone and can be dialled; leaves it out beside another", async () => {
    const folder = makeFolder();
    const first = await opened(folder);
    const [own = ""] = first.addresses();
    await first.close();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_: object, text: string) => void warnings.push(text) };
    const alone = await createSwarm({ folder, bootstrap: [own] }, log);
    swarms.push(alone);
    await alone.start();
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.contain("this node's own");
    const other = await opened(makeFolder(), alone.addresses());
    await connection(other);
    await alone.close();
    const both = await createSwarm({ folder, bootstrap: [own, ...other.addresses()] }, log);
    swarms.push(both);
    await both.start();
    await connection(both);
    expect(warnings).to.have.lengthOf(1);
  });

  it("refuses a port that is in use, and an IP address of another machine", async () => {
    const first = await opened(makeFolder());
    const [address = ""] = first.addresses();
    const inUse = address.replace(/\/p2p\/.*/, "");
    const error = await failure(opened(makeFolder(), [], inUse));
    expect(error.code).to.equal("CONTENT_LISTEN_IN_USE");
    expect(error.message)
      .to.contain(`port ${inUse.split("/").at(-1)}`)
      .and.contain(inUse);
    expect(await codeOf(opened(makeFolder(), [], "/ip4/203.0.113.7/tcp/4001"))).to.equal("CONTENT_LISTEN_INVALID");
  });

  it("keeps its peer id, and keeps its key to the owner", async () => {
    const folder = makeFolder();
    const first = await opened(folder);
    const [peer] = first.addresses().map((address) => address.split("/p2p/")[1]);
    await first.close();
    expect((await opened(folder)).addresses()[0]).to.contain(`/p2p/${peer}`);
    expect(statSync(join(folder, "peer-key")).mode & 0o777).to.equal(0o600);
  });
});

/** Waits until a node is connected to another. */
async function connection({ node }: Libp2pSwarm): Promise<void> {
  const end = performance.now() + 10_000;
  while (node.getConnections().length === 0) {
    if (performance.now() > end) throw new Error("no connection within 10 s");
    await sleep(50);
  }
}

async function failure(promise: Promise<unknown>): Promise<CommonweightError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CommonweightError) return error;
  throw new Error("expected a CommonweightError", { cause: error });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await failure(promise)).code;
}
