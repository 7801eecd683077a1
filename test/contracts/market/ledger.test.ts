import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";
import { expect } from "chai";
import { ZeroAddress, keccak256, AbiCoder } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { fundedJob, secondRoundInTraining, staffedJob } from "../../helpers/contracts/fixtures.ts";
import { LEAST_BOND, SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";
import { WEALTH } from "../../helpers/contracts/world.ts";

describe("Ledger", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("withdraw", () => {
    it("reverts for the zero address", async () => {
      const { world, terms } = await fundedJob(chain);
      await expect(world.market.withdraw(terms.token, ZeroAddress)).to.be.revertedWithCustomError(
        world.market,
        "Ledger_ZeroAddress",
      );
    });
    it("reverts where nothing is the caller's", async () => {
      const { world, terms } = await fundedJob(chain);
      await expect(world.market.withdraw(terms.token, world.initiator.address))
        .to.be.revertedWithCustomError(world.market, "Ledger_NothingToWithdraw")
        .withArgs(terms.token, world.initiator.address);
    });
    it("sends the caller's whole amount where it likes, once", async () => {
      const { world, id, terms } = await fundedJob(chain);
      await world.lifecycle.cancelJob(id);
      const elsewhere = at(world.validators, 0);
      expect(await world.market.withdraw.staticCall(terms.token, elsewhere.address)).to.equal(terms.reward);
      const withdrawing = world.market.withdraw(terms.token, elsewhere.address);
      await expect(withdrawing)
        .to.emit(world.market, "Withdrawn")
        .withArgs(terms.token, world.initiator.address, elsewhere.address, terms.reward);
      await expect(withdrawing).to.changeTokenBalances(
        chain.ethers,
        world.token,
        [world.market, elsewhere],
        [-terms.reward, terms.reward],
      );
      expect(await world.market.liabilities(terms.token)).to.equal(0n);
      await expect(world.market.withdraw(terms.token, elsewhere.address)).to.be.revertedWithCustomError(
        world.market,
        "Ledger_NothingToWithdraw",
      );
    });
  });

  it("keeps each job's reward and bonds in pots of its own", async () => {
    const { world, id, terms } = await staffedJob(chain);
    expect(await world.market.balanceIn(terms.token, pot("reward", id))).to.equal(terms.reward);
    expect(await world.market.balanceIn(terms.token, pot("bond", id))).to.equal(3n * terms.bond);
    expect(await world.market.balanceIn(terms.token, pot("earned", id))).to.equal(0n);
    expect(await world.market.liabilities(terms.token)).to.equal(terms.reward + 3n * terms.bond);
  });
  it("keeps what was earned, and what the initiator pledged, in pots of each job's own", async () => {
    const job = await secondRoundInTraining(chain);
    const { market, initiator, book } = job.world;
    const [trainers, seats] = [await job.trainersPay(1n), await market.validatorsPayOf(job.id, 1, 1)];
    const earned = trainers.earned + seats.quality + seats.attestation;
    expect(await market.balanceIn(job.terms.token, pot("earned", job.id))).to.equal(earned);
    const holdout = new SealedHoldout(2);
    await market
      .connect(initiator)
      .postJob({ ...job.terms, ...holdout.terms(), maxTolerance: job.terms.tolerance }, NO_PERMIT);
    expect(await market.balanceIn(job.terms.token, pot("initiator", await book.jobCount()))).to.equal(LEAST_BOND);
    expect(await market.balanceIn(job.terms.token, pot("earned", await book.jobCount()))).to.equal(0n);
  });
});

describe("StakeRegistry", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("refuses to be deployed without a panel", async () => {
    const registry = await chain.ethers.getContractFactory("StakeRegistry");
    await expect(registry.deploy(ZeroAddress, 1)).to.be.revertedWithCustomError(registry, "Ledger_ZeroAddress");
  });

  describe("stake", () => {
    it("reverts for nothing", async () => {
      const { world, terms } = await fundedJob(chain);
      await expect(world.registry.stake(terms.token, 0, NO_PERMIT)).to.be.revertedWithCustomError(
        world.registry,
        "StakeRegistry_ZeroAmount",
      );
    });
    it("takes the least amount that there is", async () => {
      const { world, terms } = await fundedJob(chain);
      const validator = at(world.validators, 0);
      await world.registry.connect(validator).stake(terms.token, 1, NO_PERMIT);
      expect(await world.registry.freeStake(terms.token, validator.address)).to.equal(1n);
    });
    it("adds to the free stake", async () => {
      const { world, terms } = await fundedJob(chain);
      const validator = at(world.validators, 0);
      const staking = world.registry.connect(validator).stake(terms.token, 7, NO_PERMIT);
      await expect(staking).to.emit(world.registry, "Staked").withArgs(terms.token, validator.address, 7);
      await expect(staking).to.changeTokenBalances(chain.ethers, world.token, [validator, world.registry], [-7, 7]);
      expect(await world.registry.freeStake(terms.token, validator.address)).to.equal(7n);
    });
  });

  describe("thaw", () => {
    it("reverts for nothing", async () => {
      const { world, terms } = await fundedJob(chain);
      await expect(world.registry.thaw(terms.token, 0)).to.be.revertedWithCustomError(
        world.registry,
        "StakeRegistry_ZeroAmount",
      );
    });
    it("reverts for more than is free: a lock does not thaw", async () => {
      const { world, terms } = await staffedJob(chain);
      const validator = at(world.validators, 0);
      await expect(world.registry.connect(validator).thaw(terms.token, 1))
        .to.be.revertedWithCustomError(world.registry, "StakeRegistry_InsufficientStake")
        .withArgs(terms.token, validator.address, 0, 1);
    });
    it("starts anew with what thaws already", async () => {
      const { world, terms } = await fundedJob(chain);
      const registry = world.registry.connect(at(world.validators, 0));
      await registry.stake(terms.token, 10, NO_PERMIT);
      await registry.thaw(terms.token, 3);
      await chain.helpers.time.increase(1_000);
      const thawing = registry.thaw(terms.token, 4);
      await thawing;
      const freeAt = BigInt(await chain.helpers.time.latest()) + (await registry.THAW_PERIOD());
      await expect(thawing)
        .to.emit(registry, "Thawing")
        .withArgs(terms.token, at(world.validators, 0).address, 4, freeAt);
      expect([...(await registry.thawing(terms.token, at(world.validators, 0).address))]).to.deep.equal([7n, freeAt]);
      expect(await registry.freeStake(terms.token, at(world.validators, 0).address)).to.equal(3n);
    });
  });

  describe("release", () => {
    it("reverts where nothing thaws", async () => {
      const { world, terms } = await fundedJob(chain);
      await expect(world.registry.release(terms.token))
        .to.be.revertedWithCustomError(world.registry, "StakeRegistry_NotThawed")
        .withArgs(terms.token, world.initiator.address, 0);
    });
    it("reverts in the last second before, and credits in the first second after", async () => {
      const { world, terms } = await fundedJob(chain);
      const validator = at(world.validators, 0);
      const registry = world.registry.connect(validator);
      await registry.stake(terms.token, 10, NO_PERMIT);
      await registry.thaw(terms.token, 10);
      const [, freeAt] = await registry.thawing(terms.token, validator.address);
      await chain.helpers.time.setNextBlockTimestamp(freeAt - 1n);
      await expect(registry.release(terms.token, { gasLimit: 1_000_000 }))
        .to.be.revertedWithCustomError(registry, "StakeRegistry_NotThawed")
        .withArgs(terms.token, validator.address, freeAt);
      await chain.helpers.time.setNextBlockTimestamp(freeAt);
      await expect(registry.release(terms.token))
        .to.emit(registry, "Released")
        .withArgs(terms.token, validator.address, 10);
      await registry.withdraw(terms.token, validator.address);
      expect(await world.token.balanceOf(validator)).to.equal(WEALTH);
    });
  });

  it("keeps each validator's stake, and what of it thaws, apart from every other's", async () => {
    const { world, terms } = await fundedJob(chain);
    const [one, other] = [at(world.validators, 0), at(world.validators, 1)];
    const { registry } = world;
    await registry.connect(one).stake(terms.token, 10, NO_PERMIT);
    await registry.connect(one).thaw(terms.token, 4);
    expect(await registry.freeStake(terms.token, other)).to.equal(0n);
    expect([...(await registry.thawing(terms.token, other))]).to.deep.equal([0n, 0n]);
    await expect(registry.connect(other).thaw(terms.token, 1))
      .to.be.revertedWithCustomError(registry, "StakeRegistry_InsufficientStake")
      .withArgs(terms.token, other.address, 0, 1);
    await expect(registry.connect(other).release(terms.token)).to.be.revertedWithCustomError(
      registry,
      "StakeRegistry_NotThawed",
    );
  });

  it("locks, unlocks and slashes for the panel only", async () => {
    const { world, id, terms } = await staffedJob(chain);
    const registry = world.registry.connect(world.initiator);
    const victim = at(world.validators, 0).address;
    for (const call of [
      registry.lock(terms.token, victim, id, 1),
      registry.unlock(terms.token, victim, id),
      registry.slash(terms.token, victim, id, 1),
    ]) {
      await expect(call)
        .to.be.revertedWithCustomError(registry, "StakeRegistry_NotCommittees")
        .withArgs(world.initiator.address);
    }
  });

  it("never slashes beyond the lock, even for the committees", async () => {
    const { world, id, terms } = await staffedJob(chain);
    const committees = await world.committees.getAddress();
    await chain.helpers.impersonateAccount(committees);
    await chain.helpers.setBalance(committees, 10n ** 18n);
    const registry = world.registry.connect(await chain.ethers.getSigner(committees));
    const victim = at(world.validators, 0).address;
    await expect(registry.slash(terms.token, victim, id, 0)).not.to.emit(registry, "Burned");
    await expect(registry.slash(terms.token, victim, id, terms.seatLock + 1n))
      .to.be.revertedWithCustomError(registry, "Ledger_InsufficientBalance")
      .withArgs(
        terms.token,
        keccak256(AbiCoder.defaultAbiCoder().encode(["string", "address", "uint256"], ["lock", victim, id])),
        terms.seatLock,
        terms.seatLock + 1n,
      );
  });
});

function pot(name: string, jobId: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["string", "uint256"], [name, jobId]));
}
