import { expect } from "chai";
import { ZeroAddress, ZeroHash, getCreateAddress } from "ethers";

import { type Chain, at, openChain } from "../helpers/contracts/chain.ts";
import { budgetTerms } from "../helpers/contracts/job-params.ts";
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
      .to.be.revertedWithCustomError(factory, "JobLifecycle_NotPanel")
      .withArgs(await panel.getAddress());
  });

  it("refuses a second set of rounds for the same panel", async () => {
    const { panel } = await deployContracts(chain);
    const factory = await chain.ethers.getContractFactory("JobRounds");
    await expect(factory.deploy(panel)).to.be.revertedWithCustomError(factory, "JobLifecycle_NotPanel");
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

  it("lets nobody make the calls that contracts make one another, but the contract that they are for", async () => {
    const { market, rounds, book, trust, registry } = await deployContracts(chain);
    const stranger = at(chain.signers, 1);
    const terms = budgetTerms(stranger.address, await chain.helpers.time.latest());
    const settlement = { digest: ZeroHash, baseScore: 0, score: 0, holdoutUnreadable: false, quality: 0 };
    const jobTerms = [...(await lifecycle.jobOf(1)).terms];
    for (const [contract, error, calls] of [
      [market, "TrainingMarket_NotRounds", { earnTrainers: [1, 1, 1, 0], earnValidators: [1, 1, 1, true] }],
      [market, "TrainingMarket_NotRounds", { payRevealers: [1, 1, 1, 3, 3], burnInitiatorBond: [1] }],
      [market, "TrainingMarket_NotRounds", { refund: [1, stranger] }],
      [rounds, "TrainingRounds_NotMarket", { post: [1, stranger, ZeroHash, jobTerms], admit: [1, stranger, []] }],
      [rounds, "TrainingRounds_NotMarket", { dismiss: [1, stranger], release: [1, stranger] }],
      [lifecycle, "JobLifecycle_NotPanel", { recordSettlement: [1, 1, settlement], recordFailure: [1, 1, 3, 3] }],
      [book, "JobBook_NotMarket", { register: [terms] }],
      [book, "JobBook_NotRounds", { shuffleShards: [1], openShard: [1, 1, ZeroHash, []] }],
      [trust, "TrustBook_NotRounds", { admit: [1, stranger, true], dismiss: [1, stranger, true] }],
      [trust, "TrustBook_NotRounds", { grow: [1, 1, 1], forgetDeparted: [1] }],
      [registry, "StakeRegistry_NotPanel", { lock: [stranger, stranger, 1, 0], unlock: [stranger, stranger, 1] }],
      [registry, "StakeRegistry_NotPanel", { slash: [stranger, stranger, 1, 0] }],
    ] as const) {
      for (const [name, values] of Object.entries<readonly unknown[]>(calls)) {
        const call = contract
          .connect(stranger)
          .getFunction(name)
          .staticCall(...values);
        await expect(call, name).to.be.revertedWithCustomError(contract, error).withArgs(stranger.address);
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
