import { expect } from "chai";
import { ZeroHash, id as keccakOf } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  fundedJob,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInScoring,
  roundInSettlement,
  roundInTally,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";

describe("The list of validators", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("enlist", () => {
    it("reverts for terms that are not the job's", async () => {
      const { world, id, calls } = await staffedJob(chain);
      const validator = at(world.validators, 6);
      for (const [job, terms] of [
        [id, keccakOf("other terms")],
        [9n, await calls.termsHash()],
      ] as const) {
        await expect(world.committees.connect(validator).enlist(job, terms))
          .to.be.revertedWithCustomError(world.book, "JobBook_OtherTerms")
          .withArgs(job, terms, await world.book.termsOf(job));
      }
    });
    it("reverts for a job that is not open", async () => {
      const { world, id, calls } = await fundedJob(chain);
      await expect(world.committees.enlist(9, ZeroHash))
        .to.be.revertedWithCustomError(world.committees, "Committees_JobNotOpen")
        .withArgs(9);
      await world.lifecycle.cancelJob(id);
      await expect(world.committees.enlist(id, await calls.termsHash())).to.be.revertedWithCustomError(
        world.committees,
        "Committees_JobNotOpen",
      );
    });
    it("reverts for a validator that is enlisted", async () => {
      const { world, id, calls } = await staffedJob(chain);
      const validator = at(world.validators, 0);
      await expect(world.committees.connect(validator).enlist(id, await calls.termsHash()))
        .to.be.revertedWithCustomError(world.committees, "Committees_AlreadyEnlisted")
        .withArgs(id, validator.address);
    });
    it("reverts for initiator and members, and for who was a member", async () => {
      const { world, id, calls } = await staffedJob(chain);
      const [member, former] = world.trainers;
      if (member === undefined || former === undefined) throw new Error("too few trainers");
      await world.market.connect(former).leaveJob(id);
      expect((await world.rounds.memberOf(id, former.address)).since).to.equal(0n);
      for (const account of [world.initiator, member, former]) {
        await expect(world.committees.connect(account).enlist(id, await calls.termsHash()))
          .to.be.revertedWithCustomError(world.committees, "Committees_RoleTaken")
          .withArgs(id, account.address);
      }
    });
    it("takes validators during a round, for the next one's draws", async () => {
      const job = await roundInTraining(chain, { enlisted: 3 });
      const late = job.world.validators.slice(5, 7);
      await job.enlist(...late);
      expect([await job.calls.enlistedCount(), await job.calls.drawable()]).to.deep.equal([5n, 3n]);
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      await job.draw();
      const seats = (await job.holders()).map(({ address }) => address);
      expect(seats).to.have.lengthOf(3);
      for (const { address } of late) expect(seats).not.to.include(address);
      const seat = honestSeat([100, 200, 300], PRIVATE_RELEASE);
      for (let place = 0; place < 3; place++) await job.commitScores(place, seat.scores ?? []);
      for (let place = 0; place < 3; place++) await job.revealScores(place);
      await job.tally();
      await job.attestAll({ honest: seat });
      await job.settle(PRIVATE_RELEASE);
      expect(await job.calls.drawable()).to.equal(5n);
    });
    it("reverts without enough free stake", async () => {
      const { world, id, terms, calls } = await staffedJob(chain);
      const validator = at(world.validators, 6);
      await world.registry.connect(validator).stake(terms.token, terms.seatLock - 1n, NO_PERMIT);
      await expect(world.committees.connect(validator).enlist(id, await calls.termsHash()))
        .to.be.revertedWithCustomError(world.registry, "StakeRegistry_InsufficientStake")
        .withArgs(terms.token, validator.address, terms.seatLock - 1n, terms.seatLock);
    });
    it("lists the validator and locks a seat's stake", async () => {
      const job = await fundedJob(chain);
      const { committees, registry, validators } = job.world;
      const validator = at(validators, 0);
      await registry.connect(validator).stake(job.terms.token, job.terms.seatLock + 5n, NO_PERMIT);
      const enlisting = committees.connect(validator).enlist(job.id, await job.calls.termsHash());
      await expect(enlisting).to.emit(committees, "Enlisted").withArgs(job.id, validator.address);
      await expect(enlisting)
        .to.emit(registry, "Locked")
        .withArgs(job.terms.token, validator.address, job.id, job.terms.seatLock);
      expect(await committees.enlistedOf(job.id)).to.deep.equal([validator.address]);
      expect(await registry.lockedStake(job.terms.token, validator.address, job.id)).to.equal(job.terms.seatLock);
      expect(await registry.freeStake(job.terms.token, validator.address)).to.equal(5n);
    });
  });

  describe("delist", () => {
    it("reverts for a validator that is not enlisted", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.committees.connect(world.stranger).delist(id))
        .to.be.revertedWithCustomError(world.committees, "Committees_NotEnlisted")
        .withArgs(id, world.stranger.address);
    });
    it("reverts from Training's end to the round's, with a seat and without", async () => {
      for (const reach of [roundInDisclosure, roundInDraw, roundInScoring, roundInTally, roundInSettlement]) {
        const job = await reach(chain, { enlisted: 7 });
        for (const validator of job.world.validators.slice(0, 7)) {
          await expect(job.world.committees.connect(validator).delist(job.id))
            .to.be.revertedWithCustomError(job.world.committees, "Committees_ListFrozen")
            .withArgs(job.id);
        }
      }
    });
    it("keeps who leaves during Training out of the round's draws", async () => {
      const job = await roundInTraining(chain, { enlisted: 7 });
      await job.enlist(at(job.world.validators, 7));
      const [first, second] = job.world.validators;
      if (first === undefined || second === undefined) throw new Error("too few validators");
      await job.delist(first);
      await job.delist(second);
      expect([await job.calls.enlistedCount(), await job.calls.drawable()]).to.deep.equal([6n, 5n]);
      const list = await job.calls.enlisted();
      const expected = [6, 5, 2, 3, 4, 7].map((place) => at(job.world.validators, place).address);
      expect(new Set(list.slice(0, 5))).to.deep.equal(new Set(expected.slice(0, 5)));
      expect(list[5]).to.equal(expected[5]);
    });
    it("ends with the round: the seats are free then", async () => {
      const job = await roundInSettlement(chain);
      await job.settle(PRIVATE_RELEASE);
      await job.delist(at(job.world.validators, 0));
    });
    it("frees the lock and keeps the list dense", async () => {
      const job = await staffedJob(chain);
      const { committees, registry, validators } = job.world;
      const [a, b, c, d, e] = validators;
      if (!a || !b || !c || !d || !e) throw new Error("too few validators");
      const leaving = committees.connect(b).delist(job.id);
      await expect(leaving).to.emit(committees, "Delisted").withArgs(job.id, b.address);
      await expect(leaving)
        .to.emit(registry, "Unlocked")
        .withArgs(job.terms.token, b.address, job.id, job.terms.seatLock);
      expect(await committees.enlistedOf(job.id)).to.deep.equal([a, e, c, d].map((signer) => signer.address));
      await committees.connect(d).delist(job.id);
      await committees.connect(e).delist(job.id);
      expect(await committees.enlistedOf(job.id)).to.deep.equal([a, c].map((signer) => signer.address));
      expect(await registry.freeStake(job.terms.token, b.address)).to.equal(job.terms.seatLock);
      expect(await committees.isEnlisted(job.id, b.address)).to.equal(false);
    });
  });
});
