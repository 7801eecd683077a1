import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  honestSeat,
  roundInSettlement,
  roundInTraining,
  secondRoundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import { NO_PERMIT, budgetTerms } from "../../helpers/contracts/job-params.ts";
import { deployedMarket } from "../../helpers/contracts/world.ts";

// A seed is known once the salts of its phase are open: from then on nothing may shape the list that it draws from.
describe("A list that somebody arranges by a known seed", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  it("takes in nobody that enlists after the reveals, where the round is confirmed at once", async () => {
    const job = await roundInSettlement(chain, { milestones: true, terms: { rounds: 1 }, enlisted: 5 });
    const late = job.world.validators.slice(5, 9);
    await job.enlist(...late);
    await job.settle(PUBLIC_RELEASE);
    expect((await job.facts()).confirming).to.equal(true);
    expect(await job.calls.drawable()).to.equal(5n);
    await job.draw();
    const seats = (await job.holders()).map(({ address }) => address);
    for (const { address } of late) expect(seats).not.to.include(address);
  });

  it("loses nobody while a release waits for its confirmation, and lets all go once the job is closed", async () => {
    const job = await secondRoundInTraining(chain, { milestones: true, enlisted: 9 });
    const { committees, validators } = job.world;
    await job.delist(at(validators, 8));
    await job.passTraining();
    expect(await job.phase()).to.equal("waiting");
    for (const validator of validators.slice(0, 3)) {
      await expect(committees.connect(validator).delist(job.id))
        .to.be.revertedWithCustomError(committees, "Committees_ListFrozen")
        .withArgs(job.id);
    }
    await job.cancel();
    await job.confirm(5_000);
    expect(await job.phase()).to.equal("closed");
    for (const validator of validators.slice(0, 8)) await job.delist(validator);
  });

  it("is free to leave in Waiting where no release waits", async () => {
    const job = await roundInTraining(chain, { milestones: true });
    await job.passTraining();
    await job.delist(at(job.world.validators, 0));
  });

  it("is filled up to three by those that come first, where fewer are left, and no seed chooses among them", async () => {
    const job = await roundInTraining(chain, { enlisted: 4, terms: { committeeSize: 3 } });
    const [own, other, ...honest] = job.world.validators.slice(0, 4);
    if (own === undefined || other === undefined) throw new Error("too few validators");
    await job.delist(own);
    await job.delist(other);
    await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
    await job.enlist(own, other, ...job.world.validators.slice(4, 9));
    expect(await job.calls.drawable()).to.equal(3n);
    await job.draw();
    const seats = (await job.holders()).map(({ address }) => address);
    expect(new Set(seats)).to.deep.equal(new Set([...honest, own].map(({ address }) => address)));
  });

  // Otherwise two that enlist first open the round with a third, and are most of a committee of three.
  it("seats no three of seven because they came first: a job that would open a round with three is refused", async () => {
    const { book, market, token } = await deployedMarket(chain, { trainers: 0, validators: 0 });
    const [address, now] = [await token.getAddress(), await chain.helpers.time.latest()];
    const terms = (minValidators: number) => budgetTerms(address, now, { committeeSize: 7, minValidators });
    await expect(market.postJob(terms(3), NO_PERMIT))
      .to.be.revertedWithCustomError(book, "JobBook_BadParameter")
      .withArgs(encodeBytes32String("minValidators"));
    await market.postJob(terms(4), NO_PERMIT);
    expect(await book.jobCount()).to.equal(1n);
  });

  it("makes no founder of a member that leaves and joins again: its trust would grow the pool for gas", async () => {
    const job = await roundInTraining(chain);
    const trainer = at(job.world.trainers, 2);
    for (let time = 0; time < 3; time++) {
      await job.leave(trainer);
      await job.join(trainer);
    }
    const [pool, value] = await job.world.trust.trustOf(job.id, trainer.address);
    expect([pool.total, value]).to.deep.equal([3n << 64n, 0n]);
    await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 2)));
    await job.judge({ honest: honestSeat([1_000, 1_000], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    const [, grown] = await job.world.trust.trustOf(job.id, at(job.world.trainers, 0).address);
    // A gain of ten points of three founders' trust.
    expect((grown * 100n) >> 64n).to.be.within(129n, 130n);
  });
});
