import { expect } from "chai";
import { parseEther } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { expectExit } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  confirmingRoundInDraw,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInScoring,
  roundInTraining,
  secondAttemptInDraw,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { type JobTerms, OUTCOME } from "../../helpers/contracts/job-params.ts";
import { SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";

const DAY = 86_400;
/** Nearly the longest life of a job, in days. */
const DAYS = 700;

// Everything earned or bonded has a clock of its own: no deadline years away holds it.
describe("Money that waits", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("released progress, once no further round opens", () => {
    const causes: readonly [cause: string, hinder: (job: JobDriver) => Promise<unknown>][] = [
      ["a member has left", (job) => job.leave(at(job.world.trainers, 2))],
      [
        "all members have left",
        async (job) => {
          for (const trainer of job.world.trainers.slice(0, 3)) await job.leave(trainer);
        },
      ],
    ];
    for (const [cause, hinder] of causes) {
      it(`because ${cause}: is confirmed after as long as a round lasts, and not before`, async () => {
        const job = await pendingRelease(hinder);
        const { lifecycle } = job.world;
        const due = (await job.job()).releasedAt + (await job.calls.grace());
        await chain.helpers.time.increaseTo(due - 2n);
        await chain.helpers.time.setNextBlockTimestamp(due - 1n);
        await expect(lifecycle.openRound(job.id)).to.be.revertedWithCustomError(lifecycle, "JobLifecycle_TooFew");
        await job.passTo(due);
        await lifecycle.connect(job.world.stranger).openRound(job.id);
        expect((await job.facts()).confirming).to.equal(true);
        await job.score({ honest: honestSeat([5_000], undefined) });
        await job.tally();
        expect((await job.trainersPay(1n)).earned).to.equal(earnedAt5000(job));
        // The job goes on.
        expect(await job.phase()).to.equal("waiting");
        await job.join(...job.world.trainers.slice(3, 6));
        await job.open();
        expect(await job.phase()).to.equal("training");
      });
    }

    it("because the list is short and nobody trains: a stranger ends the wait", async () => {
      const job = await pendingRelease(() => Promise.resolve());
      // The second round opened at once; its validators leave while nobody trains.
      expect(await job.phase()).to.equal("training");
      for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
      await job.passTraining();
      await job.passTo((await job.job()).releasedAt + (await job.calls.grace()));
      await job.open();
      expect((await job.facts()).confirming).to.equal(true);
      await expect(job.draw()).to.be.revertedWithCustomError(job.world.committees, "Committees_TooFewEnlisted");
      await job.passTo((await job.facts()).trainingStart + (await job.calls.grace()));
      await job.close();
      expect(await job.phase()).to.equal("closed");
      expect((await job.trainersPay(1n)).earned).to.equal(earnedAt5000(job));
      await expectExit(job);
    });

    it("and the committee that comes contradicts it: pays what that one found", async () => {
      const job = await pendingRelease((waiting) => waiting.leave(at(waiting.world.trainers, 2)));
      await job.passTo((await job.job()).releasedAt + (await job.calls.grace()));
      await job.open();
      await job.score({ honest: honestSeat([3_000], undefined) });
      await job.tally();
      expect((await job.job()).best).to.equal(3_000n);
      expect((await job.trainersPay(1n)).earned).to.equal(earnedAt5000(job) / 2n);
    });

    it("but nothing is pending: no confirming round opens, however long it waits", async () => {
      const job = await roundInTraining(chain, {
        milestones: true,
        terms: { minTrainers: 3, rounds: 5, ...(await far(chain)) },
      });
      await job.leave(at(job.world.trainers, 2));
      await job.passTraining();
      await chain.helpers.time.increase(100 * DAY);
      await expect(job.open()).to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_TooFew");
    });
  });

  describe("bonds and locks in a draw that nobody can make", () => {
    for (const [name, reach] of [
      ["of a first attempt", stuckDraw],
      ["of a second attempt, after a slash", stuckSecondDraw],
      ["of a confirming round", stuckConfirming],
    ] as const) {
      it(`${name}: come free after as long as a round lasts, years before the deadline`, async () => {
        const job = await reach();
        const { lifecycle, market } = job.world;
        const trainer = at(job.world.trainers, 0);
        await expect(lifecycle.closeJob(job.id)).to.be.revertedWithCustomError(lifecycle, "JobLifecycle_NotOver");
        await job.passTo((await job.now()) + Number(await job.calls.grace()));
        await lifecycle.connect(job.world.stranger).closeJob(job.id);
        expect(await job.phase()).to.equal("closed");
        expect(await job.now()).to.be.lessThan(Number(job.terms.deadline) - (DAYS - 10) * DAY);
        const before = await market.withdrawable(job.terms.token, trainer);
        await market.releaseBond(job.id, trainer.address);
        expect(await market.withdrawable(job.terms.token, trainer)).to.equal(before + job.terms.bond);
        for (const validator of job.world.validators.slice(0, 5)) {
          if (await job.calls.isEnlisted(validator)) await job.delist(validator);
          expect(await job.world.registry.lockedStake(job.terms.token, validator, job.id)).to.equal(0n);
        }
      });
    }

    it("with three that could be drawn: is no reason to close, however long; anyone draws", async () => {
      const job = await roundInDraw(chain, { terms: await far(chain) });
      await chain.helpers.time.increase(100 * DAY);
      const { lifecycle } = job.world;
      await expect(lifecycle.closeJob(job.id)).to.be.revertedWithCustomError(lifecycle, "JobLifecycle_NotOver");
      await job.world.committees.connect(job.world.stranger).drawCommittee(job.id);
      expect(await job.phase()).to.equal("scoring");
    });

    it("the initiator's bond comes back with it, where the holdout was opened", async () => {
      const holdout = new SealedHoldout(2);
      const bond = parseEther("1001");
      const job = await roundInTraining(chain, {
        enlisted: 3,
        holdout,
        terms: { ...holdout.terms(bond), ...(await far(chain)) },
      });
      await job.delist(at(job.world.validators, 0));
      for (const { trainer, content } of await job.ownUpdates(...job.world.trainers.slice(0, 3))) {
        await job.commit(trainer, content);
      }
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      await holdout.open(job);
      await job.passTo((await job.now()) + Number(await job.calls.grace()));
      await job.close();
      const { market, initiator } = job.world;
      expect(await market.withdrawable(job.terms.token, initiator)).to.equal(job.terms.reward + bond);
    });
  });

  /** A price-list job whose first release is pending; three members are needed for a round. */
  async function pendingRelease(hinder: (job: JobDriver) => Promise<unknown>): Promise<JobDriver> {
    const terms = { rounds: 5, minTrainers: 3, ...(await far(chain)) };
    const job = await roundInDisclosure(chain, { milestones: true, terms });
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await hinder(job);
    await job.judge({ honest: honestSeat([100, 200, 300], PUBLIC_RELEASE) });
    await job.settle(PUBLIC_RELEASE);
    expect((await job.job()).pendingRound).to.equal(1n);
    expect((await job.trainersPay(1n)).earned).to.equal(0n);
    return job;
  }

  async function stuckDraw(): Promise<JobDriver> {
    const job = await roundInTraining(chain, { enlisted: 4, terms: await far(chain) });
    for (const validator of job.world.validators.slice(0, 2)) await job.delist(validator);
    await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
    return job;
  }

  async function stuckSecondDraw(): Promise<JobDriver> {
    const job = await roundInDraw(chain, { enlisted: 3, terms: await far(chain) });
    await job.score({ honest: honestSeat([1, 2, 3], undefined), seats: { 0: SILENT_SEAT } });
    await job.tally();
    expect(await job.calls.drawable()).to.equal(2n);
    return job;
  }

  async function stuckConfirming(): Promise<JobDriver> {
    const job = await pendingRelease(() => Promise.resolve());
    for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
    await job.passTraining();
    await job.cancel();
    expect((await job.facts()).confirming).to.equal(true);
    return job;
  }

  function earnedAt5000({ terms }: JobDriver): bigint {
    return ((terms.reward - (terms.reward * 1_500n) / 10_000n) * 6_000n) / 10_000n;
  }
});

/** A part of the actors acts early in a phase, then the chain stands still until the phase is over. */
describe("A chain that stands still", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  for (const [round, reach] of [
    ["a first attempt", (enlisted: number) => roundInScoring(chain, ofSize(enlisted))],
    ["a second attempt", secondScoring],
    ["a confirming round", confirmingScoring],
  ] as const) {
    for (const seats of [3, 4, 5]) {
      for (const early of [0, 1, seats - 1]) {
        it(`in Scoring of ${round}, ${early} of ${seats} seats having sealed: burns no lock`, async () => {
          const job = await reach(seats);
          for (let seat = 0; seat < early; seat++) await job.commitScores(seat, scoresOf(round));
          await chain.helpers.time.increase(5_000);
          if (early > 0) expect(await job.phase()).to.equal("tally");
          await job.tally();
          expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
        });
        it(`in Reveal of ${round}, ${early} of ${seats} seats having revealed: burns no lock`, async () => {
          const job = await reach(seats);
          for (let seat = 0; seat < seats; seat++) await job.commitScores(seat, scoresOf(round));
          for (let seat = 0; seat < early; seat++) await job.revealScores(seat);
          await chain.helpers.time.increase(5_000);
          await job.tally();
          expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
        });
      }
    }
  }

  for (const early of [0, 1, 2]) {
    it(`in Disclosure, ${early} of 3 trainers having disclosed: burns no bond, and nobody is put out`, async () => {
      const job = await roundInDisclosure(chain, { terms: { rounds: 3 } });
      for (const trainer of job.world.trainers.slice(0, early)) await job.reveal(trainer);
      await chain.helpers.time.increase(5_000);
      if (early > 0) await settleWith(job, early);
      else await job.open();
      expect((await job.calls.roster()).members).to.equal(3n);
      // Who could not disclose goes on in the next round, which waits for all three.
      expect((await job.facts()).expected).to.equal(3n);
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, `again ${trainer.address}`);
      expect(await job.phase()).to.equal("disclosure");
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      await settleWith(job, 3);
      for (const trainer of job.world.trainers.slice(0, 3)) await job.leave(trainer);
      expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
    });
  }

  it("in Disclosure: leaves the initiator its bond and the job its further rounds", async () => {
    const holdout = new SealedHoldout(2);
    const job = await roundInDisclosure(chain, { holdout, terms: holdout.terms(parseEther("501")) });
    await job.reveal(at(job.world.trainers, 0));
    await chain.helpers.time.increase(5_000);
    await job.judge({ honest: honestSeat([1], PUBLIC_RELEASE) });
    await job.settle(PUBLIC_RELEASE);
    expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
    expect((await job.job()).cancelled).to.equal(false);
    expect(await job.round()).to.equal(2n);
  });

  it("in Disclosure with nobody's update open: ends the round empty", async () => {
    const job = await roundInDisclosure(chain);
    await chain.helpers.time.increase(5_000);
    await job.leave(at(job.world.trainers, 0));
    expect((await job.calls.round(1n, await job.now())).facts.outcome).to.equal(OUTCOME.empty);
    expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
  });

  describe("is told from one that runs by a transaction in the last third", () => {
    it("of Disclosure: no earlier, by anyone, once; then what stays hidden burns", async () => {
      const job = await roundInDisclosure(chain);
      const { rounds, stranger } = job.world;
      const witness = () => rounds.connect(stranger).witness(job.id);
      await job.reveal(at(job.world.trainers, 0));
      const { disclosureEnd } = await job.facts();
      const first = disclosureEnd - BigInt(Math.floor(job.terms.disclosurePeriod / 3));
      await chain.helpers.time.setNextBlockTimestamp(first - 1n);
      await expect(witness()).to.be.revertedWithCustomError(rounds, "TrainingRounds_NothingToWitness");
      await job.passTo(first);
      await expect(witness()).to.emit(rounds, "RoundWitnessed").withArgs(job.id, 1n);
      await expect(witness()).to.be.revertedWithCustomError(rounds, "TrainingRounds_NothingToWitness");
      await job.passTo(disclosureEnd);
      await expect(witness()).to.be.revertedWithCustomError(rounds, "TrainingRounds_NothingToWitness");
      await job.releaseBond(at(job.world.trainers, 1));
      expect(await job.world.market.burned(job.terms.token)).to.equal(job.terms.bond);
    });

    it("of the time in which a shard is due: no earlier, by anyone, once; then the initiator's bond burns", async () => {
      const holdout = new SealedHoldout(2);
      const bond = parseEther("501");
      const job = await roundInDraw(chain, { holdout, terms: holdout.terms(bond) });
      const { rounds, stranger } = job.world;
      const witness = () => rounds.connect(stranger).witness(job.id);
      const end = (await job.facts()).disclosureEnd + BigInt(job.terms.disclosurePeriod);
      const first = end - BigInt(Math.floor(job.terms.disclosurePeriod / 3));
      await job.passTo(first - 2n);
      await expect(rounds.witness.staticCall(job.id)).to.be.revertedWithCustomError(
        rounds,
        "TrainingRounds_NothingToWitness",
      );
      await job.passTo(first);
      await expect(witness()).to.emit(rounds, "RoundWitnessed").withArgs(job.id, 1n);
      await expect(witness()).to.be.revertedWithCustomError(rounds, "TrainingRounds_NothingToWitness");
      await job.passTo(end);
      await job.judge({ honest: honestSeat([1, 2, 3], PUBLIC_RELEASE) });
      await job.settle(PUBLIC_RELEASE);
      expect(await job.world.market.burned(job.terms.token)).to.equal(bond);
    });

    for (const [phase, silent] of [
      ["Scoring", 1],
      ["Reveal", 1],
      ["Scoring", 2],
      ["Reveal", 3],
    ] as const) {
      const burns = silent <= 2;
      const outcome = burns ? "burns their locks" : "burns nothing, for most are silent";
      it(`of ${phase}, ${silent} of 5 seats silent: ${outcome}`, async () => {
        const job = await roundInScoring(chain);
        const acting = [0, 1, 2, 3, 4].slice(silent);
        const sealing = phase === "Scoring" ? acting : [0, 1, 2, 3, 4];
        for (const seat of sealing) await job.commitScores(seat, [1, 2, 3]);
        await job.passScoring();
        for (const seat of acting) await job.revealScores(seat);
        await job.passReveal();
        await job.tally();
        const locks = burns ? BigInt(silent) : 0n;
        expect(await job.world.registry.burned(job.terms.token)).to.equal(locks * job.terms.seatLock);
      });
    }

    it("of Scoring alone: burns the lock of who sealed nothing, not of who could not reveal", async () => {
      const job = await roundInScoring(chain);
      for (const seat of [1, 2, 3, 4]) await job.commitScores(seat, [1, 2, 3]);
      await job.passScoring();
      for (const seat of [2, 3, 4]) await job.revealScores(seat);
      await chain.helpers.time.increase(5_000);
      const holders = await job.holders();
      await job.tally();
      expect(await job.world.registry.burned(job.terms.token)).to.equal(job.terms.seatLock);
      expect(await job.calls.isEnlisted(at(holders, 0))).to.equal(false);
      expect(await job.calls.isEnlisted(at(holders, 1))).to.equal(true);
    });
  });

  async function settleWith(job: JobDriver, updates: number): Promise<void> {
    const scores = Array.from({ length: updates }, () => 100);
    await job.judge({ honest: honestSeat(scores, PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
  }

  function ofSize(seats: number) {
    return { enlisted: seats, terms: { committeeSize: seats } };
  }

  function scoresOf(round: string): number[] {
    return round === "a confirming round" ? [5_000] : [1, 2, 3];
  }

  async function secondScoring(seats: number): Promise<JobDriver> {
    const job = await secondAttemptInDraw(chain, ofSize(seats));
    await job.draw();
    return job;
  }

  async function confirmingScoring(seats: number): Promise<JobDriver> {
    const job = await confirmingRoundInDraw(chain, ofSize(seats));
    await job.draw();
    return job;
  }
});

/** A deadline as far away as a job may have it. */
async function far({ helpers }: Chain): Promise<Pick<JobTerms, "deadline">> {
  return { deadline: (await helpers.time.latest()) + DAYS * DAY };
}
