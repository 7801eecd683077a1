import { expect } from "chai";
import { ZeroAddress, ZeroHash, getCreateAddress } from "ethers";

import { type Chain, at, openChain } from "../helpers/contracts/chain.ts";
import { budgetTerms } from "../helpers/contracts/job-params.ts";
import { deployContracts } from "../helpers/contracts/world.ts";

// `JobBook` is created first and stores the addresses of the contracts that are created after it.
describe("A deployment", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("knows each contract by every other", async () => {
    const { market, lifecycle, rounds, committees, panel, book, trust, registry } = await deployContracts(chain);
    for (const [known, expected] of [
      [await book.MARKET(), market],
      [await book.LIFECYCLE(), lifecycle],
      [await book.ROUNDS(), rounds],
      [await book.COMMITTEES(), committees],
      [await book.PANEL(), panel],
      [await market.BOOK(), book],
      [await market.LIFECYCLE(), lifecycle],
      [await market.ROUNDS(), rounds],
      [await market.PANEL(), panel],
      [await lifecycle.BOOK(), book],
      [await lifecycle.MARKET(), market],
      [await lifecycle.ROUNDS(), rounds],
      [await lifecycle.COMMITTEES(), committees],
      [await lifecycle.PANEL(), panel],
      [await rounds.BOOK(), book],
      [await rounds.MARKET(), market],
      [await rounds.LIFECYCLE(), lifecycle],
      [await rounds.COMMITTEES(), committees],
      [await rounds.PANEL(), panel],
      [await rounds.TRUST(), trust],
      [await committees.BOOK(), book],
      [await committees.LIFECYCLE(), lifecycle],
      [await committees.ROUNDS(), rounds],
      [await committees.PANEL(), panel],
      [await committees.REGISTRY(), registry],
      [await panel.BOOK(), book],
      [await panel.LIFECYCLE(), lifecycle],
      [await panel.COMMITTEES(), committees],
      [await trust.ROUNDS(), rounds],
      [await trust.PANEL(), panel],
      [await registry.COMMITTEES(), committees],
    ] as const) {
      expect(known).to.equal(await expected.getAddress());
    }
  });

  for (const [name, key, values] of [
    ["TrainingMarket", "market", []],
    ["JobLifecycle", "lifecycle", []],
    ["TrainingRounds", "rounds", []],
    ["Committees", "committees", [60]],
    ["ScoringPanel", "panel", []],
  ] as const) {
    it(`refuses ${name} at another address than the book names, the first and a second time`, async () => {
      const deployed = await deployContracts(chain);
      const factory = await chain.ethers.getContractFactory(name);
      const deployer = at(chain.signers, 0);
      const nonce = await deployer.getNonce();
      await expect(factory.deploy(deployed.book, ...values))
        .to.be.revertedWithCustomError(deployed.book, "JobBook_NotNamed")
        .withArgs(getCreateAddress({ from: deployer.address, nonce }), await deployed[key].getAddress());
    });
  }

  it("takes a thaw period from a second to thirty days, and no other", async () => {
    const month = 30 * 86_400;
    const factory = await chain.ethers.getContractFactory("StakeRegistry");
    const committees = at(chain.signers, 1).address;
    for (const refused of [0, month + 1]) {
      await expect(factory.deploy(committees, refused))
        .to.be.revertedWithCustomError(factory, "StakeRegistry_BadThawPeriod")
        .withArgs(refused);
      await expect(deployContracts(chain, refused)).to.be.revertedWithCustomError(
        factory,
        "StakeRegistry_BadThawPeriod",
      );
    }
    for (const taken of [1, month]) {
      expect(await (await factory.deploy(committees, taken)).THAW_PERIOD()).to.equal(BigInt(taken));
    }
  });

  it("takes no value and no call that it does not know", async () => {
    const contracts = Object.values(await deployContracts(chain));
    for (const contract of contracts) {
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

  it("allows internal calls between contracts only from the contract that may make them", async () => {
    const { market, lifecycle, rounds, book, trust, committees, panel, registry } = await deployContracts(chain);
    const stranger = at(chain.signers, 1);
    const terms = budgetTerms(stranger.address, await chain.helpers.time.latest());
    const settlement = { digest: ZeroHash, baseScore: 0, score: 0, holdoutUnreadable: false, quality: 0 };
    const jobTerms = [...(await lifecycle.jobOf(1)).terms];
    const panelTerms = [...(await book.panelTermsOf(1))];
    const assignment = { round: 1, updates: 1, judgesHoldout: false, confirming: false, seed: ZeroHash };
    const roundTerms = { minTraining: 0, trainingPeriod: 1, disclosurePeriod: 1, sync: 1, retrainQuota: 1 };
    Object.assign(roundTerms, {
      releaseCount: 0,
      releaseBps: 0,
      maxUpdates: 1,
      sealedHoldout: false,
      keepsTrust: false,
    });
    for (const [contract, error, calls] of [
      [market, "TrainingMarket_NotLifecycle", { earnTrainers: [1, 1, 1, 0], earnValidators: [1, 1, 1, true] }],
      [market, "TrainingMarket_NotLifecycle", { payRevealers: [1, 1, 1, 3, 3], burnInitiatorBond: [1] }],
      [market, "TrainingMarket_NotLifecycle", { refund: [1, stranger] }],
      [lifecycle, "JobLifecycle_NotMarket", { post: [1, stranger, ZeroHash, jobTerms, roundTerms] }],
      [rounds, "TrainingRounds_NotMarket", { admit: [1, stranger, []] }],
      [rounds, "TrainingRounds_NotMarket", { dismiss: [1, stranger], release: [1, stranger] }],
      [lifecycle, "JobLifecycle_NotPanel", { recordSettlement: [1, 1, settlement], recordFailure: [1, 1, 3, 3] }],
      [rounds, "TrainingRounds_NotLifecycle", { post: [1, roundTerms], finishEmptyRound: [1], open: [1] }],
      [rounds, "TrainingRounds_NotLifecycle", { openConfirming: [1], openHoldout: [1], finish: [1, 1, 1] }],
      [committees, "Committees_NotPanel", { slash: [1, stranger, stranger, 0] }],
      [committees, "Committees_NotLifecycle", { fixList: [1] }],
      [panel, "ScoringPanel_NotCommittees", { prepareSeals: [1, stranger] }],
      [panel, "ScoringPanel_NotCommittees", { seatCommittee: [1, assignment, [], panelTerms] }],
      [book, "JobBook_NotMarket", { register: [terms, stranger] }],
      [book, "JobBook_NotLifecycle", { drawPublicShard: [1], openShard: [1, 1, ZeroHash, []] }],
      [trust, "TrustBook_NotRounds", { admit: [1, stranger, true], dismiss: [1, stranger, true] }],
      [trust, "TrustBook_NotRounds", { grow: [1, 1, 1], forgetDeparted: [1] }],
      [registry, "StakeRegistry_NotCommittees", { lock: [stranger, stranger, 1, 0], unlock: [stranger, stranger, 1] }],
      [registry, "StakeRegistry_NotCommittees", { slash: [stranger, stranger, 1, 0] }],
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

  it("has no owner: it stores no address but those of the contracts, not even the deployer's", async () => {
    const { registry, committees } = await deployContracts(chain, 77);
    expect(await registry.THAW_PERIOD()).to.equal(77n);
    const factory = await chain.ethers.getContractFactory("StakeRegistry");
    await expect(factory.deploy(ZeroAddress, 77)).to.be.revertedWithCustomError(factory, "Ledger_ZeroAddress");
    await expect(registry.connect(at(chain.signers, 0)).lock(ZeroAddress, ZeroAddress, 1, 0))
      .to.be.revertedWithCustomError(registry, "StakeRegistry_NotCommittees")
      .withArgs(at(chain.signers, 0).address);
    expect(await registry.COMMITTEES()).to.equal(await committees.getAddress());
  });
});
