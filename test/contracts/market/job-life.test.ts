import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  fundedJob,
  honestSeat,
  roundInDraw,
  roundInScoring,
  roundInTraining,
  secondRoundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { OUTCOME, PHASE } from "../../helpers/contracts/job-params.ts";

describe("The life of a job", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("cancelJob", () => {
    it("reverts for anyone but the initiator", async () => {
      const { world, id } = await fundedJob(chain);
      await expect(world.lifecycle.connect(world.stranger).cancelJob(id))
        .to.be.revertedWithCustomError(world.lifecycle, "JobLifecycle_NotInitiator")
        .withArgs(id, world.stranger.address);
    });
    it("reverts for a job that is closed, whether or not it was cancelled", async () => {
      const { world, id } = await fundedJob(chain);
      await world.lifecycle.cancelJob(id);
      const over = await fundedJob(chain);
      await over.passDeadline();
      await over.world.lifecycle.closeJob(over.id);
      for (const { lifecycle } of [world, over.world]) {
        await expect(lifecycle.cancelJob(id))
          .to.be.revertedWithCustomError(lifecycle, "JobLifecycle_WrongPhase")
          .withArgs(id, PHASE.closed);
      }
    });
    it("reverts for a job that is cancelled", async () => {
      const { world, id } = await roundInTraining(chain);
      await world.lifecycle.cancelJob(id);
      await expect(world.lifecycle.cancelJob(id))
        .to.be.revertedWithCustomError(world.lifecycle, "JobLifecycle_WrongPhase")
        .withArgs(id, PHASE.training);
    });
    it("closes at once and refunds where no round runs", async () => {
      const job = await staffedJob(chain);
      const cancelling = job.world.lifecycle.cancelJob(job.id);
      await expect(cancelling).to.emit(job.world.lifecycle, "JobCancelled").withArgs(job.id);
      await expect(cancelling).to.emit(job.world.market, "JobClosed").withArgs(job.id, job.terms.reward);
      await expect(cancelling)
        .to.emit(job.world.market, "Credited")
        .withArgs(job.terms.token, job.world.initiator.address, job.terms.reward);
      expect(await job.phase()).to.equal("closed");
    });
    it("writes down a round without updates", async () => {
      const job = await roundInTraining(chain);
      await job.passTraining();
      await expect(job.world.lifecycle.cancelJob(job.id))
        .to.emit(job.world.rounds, "RoundEnded")
        .withArgs(job.id, 1, OUTCOME.empty);
    });
    it("lets the running round be scored and paid, and opens no other", async () => {
      const job = await roundInDraw(chain);
      await expect(job.world.lifecycle.cancelJob(job.id)).not.to.emit(job.world.market, "JobClosed");
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await expect(job.settle(PRIVATE_RELEASE)).to.emit(job.world.market, "JobClosed");
      expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
    });
    it("confirms first what waits for confirmation", async () => {
      const job = await secondRoundInTraining(chain, { milestones: true });
      await job.passTraining();
      await expect(job.world.lifecycle.cancelJob(job.id))
        .to.emit(job.world.rounds, "RoundOpened")
        .withArgs(job.id, 3, true, (time: bigint) => time > 0n);
      await expect(job.confirm(1_000)).not.to.emit(job.world.market, "TrainersEarned");
      // Released at 5,000 and confirmed at 1,000, where the price list begins.
      expect((await job.trainersPay(1n)).earned).to.equal(0n);
      const { best, pendingRound } = await job.job();
      expect([best, pendingRound]).to.deep.equal([1_000n, 0n]);
      expect(await job.phase()).to.equal("closed");
    });
  });

  describe("openRound", () => {
    it("reverts while a round runs", async () => {
      const job = await roundInTraining(chain);
      await expect(job.open())
        .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_WrongPhase")
        .withArgs(job.id, PHASE.training);
    });
    it("reverts for a job that is over, or was never posted", async () => {
      const job = await staffedJob(chain);
      await job.world.lifecycle.cancelJob(job.id);
      for (const [id, phase] of [
        [job.id, PHASE.closed],
        [job.id + 1n, PHASE.none],
      ] as const) {
        await expect(job.world.lifecycle.openRound(id))
          .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_WrongPhase")
          .withArgs(id, phase);
      }
    });
    it("reverts after the deadline", async () => {
      const job = await staffedJob(chain);
      await job.passDeadline();
      await expect(job.open())
        .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NoMoreRounds")
        .withArgs(job.id);
    });
    it("reverts after the last round", async () => {
      const job = await roundInTraining(chain, { terms: { rounds: 1 } });
      await job.passTraining();
      await expect(job.open()).to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NoMoreRounds");
    });
    it("reverts with too few members, or too few validators", async () => {
      for (const choice of [{ joined: 1 }, { enlisted: 2 }]) {
        const job = await staffedJob(chain, choice);
        await expect(job.open())
          .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_TooFew")
          .withArgs(job.id);
      }
    });
    it("opens a round of full length that waits for all members", async () => {
      const job = await staffedJob(chain);
      const opening = job.open();
      await expect(opening).to.emit(job.world.rounds, "RoundOpened");
      const facts = await job.facts();
      const now = BigInt(await job.now());
      expect([facts.trainingStart, facts.trainingEnd, facts.disclosureEnd]).to.deep.equal([
        now,
        now + 1_000n,
        now + 2_000n,
      ]);
      expect([facts.expected, facts.confirming]).to.deep.equal([3n, false]);
    });
    it("opens the next one after a round without updates", async () => {
      const job = await roundInTraining(chain);
      await job.passTraining();
      await expect(job.open()).to.emit(job.world.rounds, "RoundEnded").withArgs(job.id, 1, OUTCOME.empty);
      expect(await job.round()).to.equal(2n);
      expect((await job.facts()).expected).to.equal(0n);
    });
  });

  describe("closeJob", () => {
    it("reverts in the middle of a round", async () => {
      const job = await roundInScoring(chain);
      await expect(job.world.lifecycle.closeJob(job.id))
        .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_WrongPhase")
        .withArgs(job.id, PHASE.scoring);
    });
    it("reverts while rounds are left", async () => {
      const job = await staffedJob(chain);
      await expect(job.world.lifecycle.closeJob(job.id))
        .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NotOver")
        .withArgs(job.id);
    });
    it("reverts in Draw until a round's periods have passed, and after it where a committee can be drawn", async () => {
      const job = await roundInTraining(chain);
      const closing = () => job.world.lifecycle.closeJob(job.id);
      for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      const due = Number((await job.facts()).disclosureEnd) + Number(await job.calls.grace());
      await job.passTo(due - 2);
      await expect(closing()).to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NotOver");
      await job.passTo(due);
      const before = await chain.helpers.takeSnapshot();
      await expect(closing()).to.emit(job.world.rounds, "RoundEnded").withArgs(job.id, 1, OUTCOME.failed);
      expect(await job.phase()).to.equal("closed");
      await before.restore();
      await job.enlist(...job.world.validators.slice(0, 1));
      await expect(closing())
        .to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NotOver")
        .withArgs(job.id);
      await job.draw();
    });
    it("refunds all where nothing was earned", async () => {
      const job = await staffedJob(chain);
      await job.passDeadline();
      const closing = await job.world.lifecycle.closeJob(job.id);
      await expect(closing).to.emit(job.world.market, "JobClosed").withArgs(job.id, job.terms.reward);
      // No bond was pledged, and no event mentions one.
      const { market } = job.world;
      const credits = await market.queryFilter(market.filters.Credited(), closing.blockNumber!);
      expect(credits.map(({ args }) => args.amount)).to.deep.equal([job.terms.reward]);
    });
  });
});
