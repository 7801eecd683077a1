import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import type { LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { startHardhatNode } from "../../helpers/hardhat-node.ts";

/** Tolerance in seconds, because the two clocks are read one after the other. */
const MOST_AHEAD = 0.5;

describe("startLocalChain", function () {
  this.timeout(30_000);
  let node: LocalChain;
  let provider: JsonRpcProvider;

  before(async () => {
    node = await startHardhatNode();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
  });
  after(() => provider.destroy());

  it("listens on the loopback address only", () => {
    expect(node.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
  it("moves time without transactions", async () => {
    const start = await timestamp();
    // No own timeout: a machine under load may take long, and the suite's timeout ends the loop.
    while ((await timestamp()) < start + 2) await setTimeout(100);
    expect(await ahead()).to.be.at.most(MOST_AHEAD);
  });
  it("does not run ahead of the wall clock while 50 transactions share a second", async () => {
    const signer = await provider.getSigner(0);
    for (let i = 0; i < 50; i++) await signer.sendTransaction({ to: signer.address, value: 1n });
    expect(await ahead()).to.be.at.most(MOST_AHEAD);
  });
  it("is gone after stop", async () => {
    await node.stop();
    await node.stop();
    expect(() => process.kill(node.pid, 0)).to.throw("ESRCH");
  });

  async function ahead(): Promise<number> {
    return (await timestamp()) - Date.now() / 1_000;
  }

  async function timestamp(): Promise<number> {
    return (await provider.getBlock("latest"))?.timestamp ?? 0;
  }
});
