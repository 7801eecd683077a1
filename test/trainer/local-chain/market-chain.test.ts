import { readFileSync } from "node:fs";

import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import { connectContracts } from "@commonweight/sdk/chain/contracts";
import { serialiseDeployment } from "@commonweight/sdk/chain/deployment";
import { deploymentPath } from "../../../scripts/deployment-path.ts";
import { startMarketChain, type MarketChain } from "../../../trainer/local-chain/market-chain.ts";

describe("startMarketChain", function () {
  this.timeout(120_000);
  let market: MarketChain;
  let provider: JsonRpcProvider;

  before(async () => {
    market = await startMarketChain();
    provider = new JsonRpcProvider(market.chain.url, undefined, { cacheTimeout: -1 });
  });
  after(async () => {
    provider?.destroy();
    await market?.chain.stop();
  });

  it("deploys what deployments/local.json records", () => {
    const committed = readFileSync(deploymentPath("local"), "utf8");
    expect(serialiseDeployment(market.deployment), "run `npm run deploy:local-file`").to.equal(committed);
  });

  it("has a market without jobs, and time that moves", async () => {
    const { book } = connectContracts(market.deployment, provider);
    expect(await book.jobCount()).to.equal(0n);
    const start = await provider.getBlockNumber();
    while ((await provider.getBlockNumber()) === start) await new Promise((resolve) => setTimeout(resolve, 100));
  });
});
