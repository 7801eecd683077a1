import { expect } from "chai";
import { ZeroAddress, getCreateAddress } from "ethers";

import { type Chain, at, openChain } from "../helpers/contracts/chain.ts";
import { deployContracts } from "../helpers/contracts/world.ts";

// Panel, rounds and market are deployed one after the other; each but the last names addresses that are yet to come.
describe("A deployment", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("knows each contract by every other", async () => {
    const { market, rounds, panel, book, trust, registry } = await deployContracts(chain);
    for (const [known, expected] of [
      [await rounds.MARKET(), market],
      [await rounds.PANEL(), panel],
      [await rounds.BOOK(), book],
      [await rounds.TRUST(), trust],
      [await market.ROUNDS(), rounds],
      [await market.PANEL(), panel],
      [await market.BOOK(), book],
      [await panel.ROUNDS(), rounds],
      [await book.MARKET(), market],
      [await book.ROUNDS(), rounds],
      [await trust.ROUNDS(), rounds],
      [await trust.PANEL(), panel],
      [await registry.PANEL(), panel],
    ] as const) {
      expect(known).to.equal(await expected.getAddress());
    }
  });

  it("refuses rounds at another address than the panel was told", async () => {
    const [, , later] = await nextAddresses();
    const panel = await chain.ethers.deployContract("ScoringPanel", [later, later, 1]);
    const factory = await chain.ethers.getContractFactory("JobRounds");
    await expect(factory.deploy(panel))
      .to.be.revertedWithCustomError(factory, "JobRounds_NotPanel")
      .withArgs(await panel.getAddress());
  });

  it("refuses a second set of rounds for the same panel", async () => {
    const { panel } = await deployContracts(chain);
    const factory = await chain.ethers.getContractFactory("JobRounds");
    await expect(factory.deploy(panel)).to.be.revertedWithCustomError(factory, "JobRounds_NotPanel");
  });

  it("refuses a market at another address than the panel was told", async () => {
    const [, rounds, , later] = await nextAddresses();
    const panel = await chain.ethers.deployContract("ScoringPanel", [later, rounds, 1]);
    const deployed = await chain.ethers.deployContract("JobRounds", [panel]);
    const factory = await chain.ethers.getContractFactory("TrainingMarket");
    await expect(factory.deploy(deployed))
      .to.be.revertedWithCustomError(factory, "TrainingMarket_NotRounds")
      .withArgs(await deployed.getAddress());
  });

  it("refuses a second market for the same rounds", async () => {
    const { rounds } = await deployContracts(chain);
    const factory = await chain.ethers.getContractFactory("TrainingMarket");
    await expect(factory.deploy(rounds)).to.be.revertedWithCustomError(factory, "TrainingMarket_NotRounds");
  });

  it("takes no value and no call that it does not know", async () => {
    const { market, rounds, panel, book, trust, registry } = await deployContracts(chain);
    for (const contract of [market, rounds, panel, book, trust, registry]) {
      const to = await contract.getAddress();
      for (const request of [
        { to, value: 1n },
        { to, data: "0xdeadbeef" },
      ]) {
        await expect(at(chain.signers, 0).sendTransaction({ ...request, gasLimit: 100_000 })).to.be.revert(
          chain.ethers,
        );
      }
    }
  });

  it("has no owner: nobody, the deployer included, is written down but the contracts themselves", async () => {
    const { registry, panel } = await deployContracts(chain, 77);
    expect(await registry.THAW_PERIOD()).to.equal(77n);
    const factory = await chain.ethers.getContractFactory("StakeRegistry");
    await expect(factory.deploy(ZeroAddress, 77)).to.be.revertedWithCustomError(factory, "Ledger_ZeroAddress");
    await expect(registry.connect(at(chain.signers, 0)).lock(ZeroAddress, ZeroAddress, 1, 0))
      .to.be.revertedWithCustomError(registry, "StakeRegistry_NotPanel")
      .withArgs(at(chain.signers, 0).address);
    expect(await registry.PANEL()).to.equal(await panel.getAddress());
  });

  /** The addresses of the first account's next contracts. */
  async function nextAddresses(): Promise<string[]> {
    const deployer = at(chain.signers, 0);
    const nonce = await deployer.getNonce();
    return [0, 1, 2, 3].map((place) => getCreateAddress({ from: deployer.address, nonce: nonce + place }));
  }
});
