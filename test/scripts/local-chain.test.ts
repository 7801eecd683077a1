import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import type { LocalChain } from "../../scripts/local-chain.ts";
import { startHardhatNode } from "../helpers/hardhat-node.ts";

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
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await timestamp()) - start).to.be.within(2, 3);
  });
  it("keeps within the wall clock while 50 transactions share a second", async () => {
    const signer = await provider.getSigner(0);
    for (let i = 0; i < 50; i++) await signer.sendTransaction({ to: signer.address, value: 1n });
    const ahead = (await timestamp()) - Date.now() / 1_000;
    expect(ahead).to.be.within(-4, 0.5);
  });
  it("is gone after stop", async () => {
    await node.stop();
    await node.stop();
    expect(() => process.kill(node.pid, 0)).to.throw("ESRCH");
  });

  async function timestamp(): Promise<number> {
    return (await provider.getBlock("latest"))?.timestamp ?? 0;
  }
});
