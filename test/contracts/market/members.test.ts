import { expect } from "chai";
import { ZeroHash } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  confirmingRoundInDraw,
  fundedJob,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { PHASE, NO_PERMIT } from "../../helpers/contracts/job-params.ts";
import { deployedMarket } from "../../helpers/contracts/world.ts";

describe("The members of a job", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("joinJob", () => {
    it("reverts for terms that are not the job's", async () => {
      const { world, id, terms, calls } = await staffedJob(chain);
      const other = await JobDriver.post(world, { ...terms, bond: BigInt(terms.bond) + 1n });
      await expect(
        world.market.connect(at(world.trainers, 4)).joinJob(id, await other.calls.termsHash(), [], NO_PERMIT),
      )
        .to.be.revertedWithCustomError(world.book, "JobBook_OtherTerms")
        .withArgs(id, await other.calls.termsHash(), await calls.termsHash());
    });
    it("reverts for a job that does not exist", async () => {
      const { lifecycle, market } = await deployedMarket(chain);
      await expect(market.joinJob(7, ZeroHash, [], NO_PERMIT))
        .to.be.revertedWithCustomError(lifecycle, "JobLifecycle_WrongPhase")
        .withArgs(7, PHASE.none);
    });
    it("reverts for a closed job", async () => {
      const { world, id, calls } = await fundedJob(chain);
      await world.lifecycle.cancelJob(id);
      await expect(world.market.connect(at(world.trainers, 0)).joinJob(id, await calls.termsHash(), [], NO_PERMIT))
        .to.be.revertedWithCustomError(world.lifecycle, "JobLifecycle_WrongPhase")
        .withArgs(id, PHASE.closed);
    });
    it("reverts for a cancelled job", async () => {
      const { world, id, calls } = await roundInTraining(chain);
      await world.lifecycle.cancelJob(id);
      await expect(world.market.connect(at(world.trainers, 4)).joinJob(id, await calls.termsHash(), [], NO_PERMIT))
        .to.be.revertedWithCustomError(world.lifecycle, "JobLifecycle_NoMoreRounds")
        .withArgs(id);
    });
    it("reverts for the initiator, members and enlisted validators", async () => {
      const { world, id, calls } = await staffedJob(chain);
      for (const account of [world.initiator, at(world.trainers, 0), at(world.validators, 0)]) {
        await expect(world.market.connect(account).joinJob(id, await calls.termsHash(), [], NO_PERMIT))
          .to.be.revertedWithCustomError(world.rounds, "TrainingRounds_RoleTaken")
          .withArgs(id, account.address);
      }
    });
    it("makes the caller a member from the next round on and takes its bond", async () => {
      const { world, id, terms, calls } = await roundInTraining(chain);
      const trainer = at(world.trainers, 3);
      const joining = world.market.connect(trainer).joinJob(id, await calls.termsHash(), [], NO_PERMIT);
      await expect(joining).to.emit(world.rounds, "Joined").withArgs(id, trainer.address, 2, 3);
      await expect(joining).to.changeTokenBalances(
        chain.ethers,
        world.token,
        [trainer, world.market],
        [-terms.bond, terms.bond],
      );
      const member = await world.rounds.memberOf(id, trainer.address);
      expect([member.since, member.number]).to.deep.equal([2n, 3n]);
      expect(await world.lifecycle.isParticipant(id, trainer.address)).to.equal(true);
      expect((await world.rounds.rosterOf(id)).members).to.equal(4n);
    });
  });

  describe("leaveJob", () => {
    it("reverts for anyone but a member", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.market.connect(world.stranger).leaveJob(id))
        .to.be.revertedWithCustomError(world.rounds, "TrainingRounds_NotMember")
        .withArgs(id, world.stranger.address);
    });
    it("reverts for a member that leaves already", async () => {
      const { world, id } = await roundInDraw(chain);
      const trainer = at(world.trainers, 0);
      await world.market.connect(trainer).leaveJob(id);
      await expect(world.market.connect(trainer).leaveJob(id))
        .to.be.revertedWithCustomError(world.rounds, "TrainingRounds_Leaving")
        .withArgs(id, trainer.address);
    });
    it("reverts between commitment and disclosure", async () => {
      const job = await roundInTraining(chain);
      const trainer = at(job.world.trainers, 0);
      await job.commit(trainer, "an update");
      await expect(job.world.market.connect(trainer).leaveJob(job.id))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_MustReveal")
        .withArgs(job.id, trainer.address);
    });
    it("credits the bond at once where no round runs", async () => {
      const { world, id, terms } = await staffedJob(chain);
      const trainer = at(world.trainers, 0);
      const leaving = world.market.connect(trainer).leaveJob(id);
      await expect(leaving).to.emit(world.rounds, "Left").withArgs(id, trainer.address, false);
      await expect(leaving).to.emit(world.market, "Credited").withArgs(terms.token, trainer.address, terms.bond);
      const roster = await world.rounds.rosterOf(id);
      expect([roster.members, roster.expected]).to.deep.equal([2n, 2n]);
      expect((await world.rounds.memberOf(id, trainer.address)).since).to.equal(0n);
    });
    it("closes Training where only the leaving member was waited for", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "one");
      await job.commit(at(job.world.trainers, 1), "two");
      await job.world.market.connect(at(job.world.trainers, 2)).leaveJob(job.id);
      const facts = await job.facts();
      expect([facts.closedEarly, facts.expected, facts.trainingEnd]).to.deep.equal([true, 2n, BigInt(await job.now())]);
      expect(await job.phase()).to.equal("disclosure");
    });
    it("ends nothing early where everyone expected leaves", async () => {
      const job = await roundInTraining(chain);
      for (const trainer of job.world.trainers.slice(0, 3)) await job.world.market.connect(trainer).leaveJob(job.id);
      expect(await job.phase()).to.equal("training");
    });
    it("returns the bond of a newcomer before its first round", async () => {
      const job = await roundInTraining(chain);
      const trainer = at(job.world.trainers, 3);
      await job.join(trainer);
      await job.world.market.connect(trainer).leaveJob(job.id);
      expect((await job.facts()).expected).to.equal(3n);
      const roster = await job.calls.roster();
      expect([roster.members, roster.expected]).to.deep.equal([3n, 3n]);
    });
    it("returns the bond of a member that missed a round", async () => {
      const job = await secondRoundWithIdler();
      const idler = at(job.world.trainers, 2);
      expect((await job.facts()).expected).to.equal(2n);
      await job.world.market.connect(idler).leaveJob(job.id);
      expect((await job.facts()).expected).to.equal(2n);
      expect(await job.world.market.withdrawable(job.terms.token, idler.address)).to.equal(job.terms.bond);
    });
    it("waits for the round's end where an update was disclosed in it", async () => {
      const job = await roundInDraw(chain);
      const trainer = at(job.world.trainers, 0);
      const leaving = job.world.market.connect(trainer).leaveJob(job.id);
      await expect(leaving).not.to.emit(job.world.rounds, "Left");
      await expect(leaving).not.to.emit(job.world.market, "Credited");
      expect((await job.facts()).leaving).to.equal(1n);
      await expect(job.world.market.releaseBond(job.id, trainer.address))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_BondHeld")
        .withArgs(job.id, trainer.address);
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect((await job.facts()).expected).to.equal(2n);
      await expect(job.commit(trainer, "more"))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_Leaving")
        .withArgs(job.id, trainer.address);
      await expect(job.world.market.releaseBond(job.id, trainer.address))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, trainer.address, false);
    });
    it("burns the bond where a commitment was not disclosed in time", async () => {
      const job = await roundInDisclosure(chain);
      const trainer = at(job.world.trainers, 0);
      await job.reveal(at(job.world.trainers, 1));
      await job.passDisclosure();
      const leaving = job.world.market.connect(trainer).leaveJob(job.id);
      await expect(leaving).to.emit(job.world.rounds, "Left").withArgs(job.id, trainer.address, true);
      await expect(leaving).to.emit(job.world.market, "Burned").withArgs(job.terms.token, job.terms.bond);
    });
    it("works during the confirming round", async () => {
      const job = await confirmingRoundInDraw(chain);
      const trainer = at(job.world.trainers, 0);
      await expect(job.world.market.connect(trainer).leaveJob(job.id))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, trainer.address, false);
    });
  });

  describe("releaseBond", () => {
    it("reverts for an account that is no member", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.market.releaseBond(id, world.stranger.address))
        .to.be.revertedWithCustomError(world.rounds, "TrainingRounds_NotMember")
        .withArgs(id, world.stranger.address);
    });
    it("reverts for a member that keeps its word", async () => {
      const { world, id } = await roundInDisclosure(chain);
      const trainer = at(world.trainers, 0);
      await expect(world.market.releaseBond(id, trainer.address))
        .to.be.revertedWithCustomError(world.rounds, "TrainingRounds_BondHeld")
        .withArgs(id, trainer.address);
    });
    it("burns the bond of one that did not disclose, in that round and later", async () => {
      const job = await roundInDisclosure(chain, { terms: { minTrainers: 1 } });
      await job.passDisclosure();
      const [a, b] = job.world.trainers;
      if (a === undefined || b === undefined) throw new Error("too few trainers");
      await expect(job.world.market.releaseBond(job.id, a.address))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, a.address, true);
      await job.join(a);
      await job.open();
      await expect(job.world.market.releaseBond(job.id, b.address))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, b.address, true);
      expect(await job.world.market.burned(job.terms.token)).to.equal(2n * job.terms.bond);
    });
    it("credits every bond once the job is closed", async () => {
      const job = await staffedJob(chain);
      await job.world.lifecycle.cancelJob(job.id);
      const trainer = at(job.world.trainers, 0);
      await expect(job.world.market.connect(job.world.stranger).releaseBond(job.id, trainer.address))
        .to.emit(job.world.market, "Credited")
        .withArgs(job.terms.token, trainer.address, job.terms.bond);
    });
  });

  /** The third of three members did not commit, so the first round ran until its deadline. */
  async function secondRoundWithIdler(): Promise<JobDriver> {
    const job = await roundInTraining(chain, { terms: { rounds: 3 } });
    const updates = await job.ownUpdates(...job.world.trainers.slice(0, 2));
    await job.play({ updates, honest: honestSeat([1, 2], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    return job;
  }
});
