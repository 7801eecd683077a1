import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PUBLIC_RELEASE,
  SILENT_SEAT,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { OUTCOME, SCORING } from "../../helpers/contracts/job-params.ts";
import { LEAST_BOND, READABLE, SealedHoldout, UNREADABLE } from "../../helpers/contracts/sealed-holdout.ts";
import { WEALTH } from "../../helpers/contracts/world.ts";

const ROUNDS = 5;
const BOND = LEAST_BOND + 12_345n;

describe("A sealed holdout", function () {
  this.timeout(60_000);
  const holdout = new SealedHoldout(ROUNDS);
  const terms = { ...holdout.terms(BOND), scoring: SCORING.contribution };
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("is opened", () => {
    it("in Disclosure only", async () => {
      const job = await roundInTraining(chain, { terms });
      await expect(holdout.open(job)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_WrongPhase");
      const late = await inDraw();
      await expect(holdout.open(late)).to.be.revertedWithCustomError(late.world.rounds, "TrainingRounds_WrongPhase");
    });
    it("where there is one, and once", async () => {
      const open = await roundInDisclosure(chain);
      await expect(open.world.rounds.openHoldout(open.id, ZeroHash, []))
        .to.be.revertedWithCustomError(open.world.rounds, "TrainingRounds_NoHoldoutDue")
        .withArgs(open.id, 1);
      const job = await roundInDisclosure(chain, { terms });
      await holdout.open(job);
      await expect(holdout.open(job)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_NoHoldoutDue");
    });
    it("by the key of the round's own shard, and no other", async () => {
      const job = await roundInDisclosure(chain, { terms });
      const { rounds, book } = job.world;
      const due = Number(await book.shardOf(job.id, 1));
      const { key, proof } = holdout.opening(due);
      const other = holdout.opening((due + 1) % ROUNDS);
      for (const [wrong, path] of [
        [other.key, other.proof],
        [other.key, proof],
        [id("no key"), proof],
        [key, []],
        [key, other.proof],
      ] as const) {
        await expect(rounds.openHoldout(job.id, wrong, [...path]))
          .to.be.revertedWithCustomError(book, "JobBook_WrongKey")
          .withArgs(job.id, due);
      }
      expect((await job.facts()).holdoutOpen).to.equal(false);
    });
    it("by whoever knows the key, and publishes it", async () => {
      const job = await roundInDisclosure(chain, { terms });
      const { key, proof } = await holdout.dueIn(job);
      const { rounds, book, stranger } = job.world;
      await expect(rounds.connect(stranger).openHoldout(job.id, key, proof))
        .to.emit(book, "HoldoutOpened")
        .withArgs(job.id, 1, await book.shardOf(job.id, 1), key);
      expect(await book.holdoutKeyOf(job.id, 1)).to.equal(key);
      expect((await job.facts()).holdoutOpen).to.equal(true);
    });
  });

  it("that is opened late in Disclosure shows that the chain runs", async () => {
    const job = await roundInDisclosure(chain, { terms });
    const { key, proof } = await holdout.dueIn(job);
    await chain.helpers.time.setNextBlockTimestamp((await job.facts()).disclosureEnd - 1n);
    await job.openHoldout(key, proof);
    expect((await job.facts()).witnessed).to.equal(true);
  });

  describe("ends Disclosure early", () => {
    it("once it is open, where all have disclosed", async () => {
      const job = await roundInDisclosure(chain, { terms });
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      expect(await job.phase()).to.equal("disclosure");
      await holdout.open(job);
      expect(await job.phase()).to.equal("draw");
    });
    it("with the last disclosure, where it is open", async () => {
      const job = await roundInDisclosure(chain, { terms });
      await holdout.open(job);
      expect(await job.phase()).to.equal("disclosure");
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      expect(await job.phase()).to.equal("draw");
      const [round, { revealed, holdoutOpen }] = await job.world.rounds.disclosed(job.id);
      expect([round, revealed, holdoutOpen]).to.deep.equal([1n, 3n, true]);
    });
  });

  it("has a shard for each round, in an order that nobody knows before the first opens", async () => {
    const job = await staffedJob(chain, { terms });
    const { book } = job.world;
    await expect(book.shardOf(job.id, 1)).to.be.revertedWithCustomError(book, "JobBook_NoShard").withArgs(job.id, 1);
    await job.open();
    const shards = await Promise.all([1, 2, 3, 4, 5].map((round) => book.shardOf(job.id, round)));
    expect(shards.toSorted()).to.deep.equal([0n, 1n, 2n, 3n, 4n]);
    for (const round of [0, ROUNDS + 1]) {
      await expect(book.shardOf(job.id, round)).to.be.revertedWithCustomError(book, "JobBook_NoShard");
    }
  });

  it("is none of the confirming round's: nobody opens it, and the initiator keeps its bond", async () => {
    const one = new SealedHoldout(1);
    const job = await roundInDisclosure(chain, { milestones: true, terms: one.terms(BOND) });
    await one.open(job);
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await job.judge({ honest: honestSeat([READABLE, 10, 20, 30], PUBLIC_RELEASE) });
    await job.settle(PUBLIC_RELEASE);
    expect((await job.facts()).confirming).to.equal(true);
    const settling = job.confirm(5_000);
    await expect(settling).not.to.emit(job.world.lifecycle, "HoldoutFailed");
    await expect(settling)
      .to.emit(job.world.market, "Credited")
      .withArgs(job.terms.token, job.world.initiator.address, BOND);
    expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
  });

  describe("is judged in lane 0 of a score vector", () => {
    it("which then has one number more than there are updates", async () => {
      const job = await inDraw(true);
      await job.draw();
      await job.commitScores(0, [READABLE, 10, 20, 30]);
      await job.commitScores(1, [READABLE, 10, 20, 30, 40]);
      await job.passScoring();
      await job.revealScores(0);
      await expect(job.revealScores(1)).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadScores");
    });
    it("and is no update's score", async () => {
      const job = await inDraw(true);
      await job.score({ honest: honestSeat([READABLE, 10, 20, 30], PUBLIC_RELEASE) });
      await job.tally();
      expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([10n, 20n, 30n]);
      const { seats } = await job.committee();
      expect(seats.map((seat) => seat.numeric)).to.deep.equal([3n, 3n, 3n, 3n, 3n]);
    });
    it("and is absent where it was not opened", async () => {
      const job = await inDraw();
      await job.score({ honest: honestSeat([10, 20, 30], PUBLIC_RELEASE) });
      await job.tally();
      expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([10n, 20n, 30n]);
    });
  });

  describe("that is not opened", () => {
    it("burns the initiator's bond, pays the round and ends the job after it", async () => {
      const job = await inDraw();
      await job.judge({ honest: honestSeat([10, 20, 30], PUBLIC_RELEASE) });
      const settling = job.settle(PUBLIC_RELEASE);
      await expect(settling).to.emit(job.world.lifecycle, "HoldoutFailed").withArgs(job.id, 1, false);
      await expect(settling).to.emit(job.world.market, "Burned").withArgs(job.terms.token, BOND);
      expect(await job.phase()).to.equal("closed");
      const { earned } = await job.trainersPay(1n);
      expect(earned).to.be.greaterThan(0n);
      const refund = await job.world.market.withdrawable(job.terms.token, job.world.initiator);
      const seats = await job.world.market.validatorsPayOf(job.id, 1, 1);
      expect(refund).to.equal(job.terms.reward - earned - seats.quality - seats.attestation);
    });
    it("burns it where both attempts fail, too", async () => {
      const job = await inDraw();
      for (const attempt of [1, 2]) {
        await job.score({ honest: SILENT_SEAT });
        await job.tally();
        expect(await job.world.market.burned(job.terms.token)).to.equal(attempt === 1 ? 0n : BOND);
      }
      expect(await job.phase()).to.equal("closed");
    });
    it("burns it where nobody is left to score", async () => {
      const job = await roundInTraining(chain, { terms });
      for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      await job.passTo((await job.now()) + Number(await job.calls.grace()));
      await expect(job.world.lifecycle.closeJob(job.id))
        .to.emit(job.world.market, "Burned")
        .withArgs(job.terms.token, BOND);
    });
    it("burns it although the job was cancelled meanwhile", async () => {
      const job = await inDraw();
      await job.world.lifecycle.connect(job.world.initiator).cancelJob(job.id);
      await job.judge({ honest: honestSeat([10, 20, 30], PUBLIC_RELEASE) });
      await expect(job.settle(PUBLIC_RELEASE)).to.emit(job.world.market, "Burned").withArgs(job.terms.token, BOND);
    });
    it("costs nothing where nobody disclosed an update", async () => {
      const job = await roundInDisclosure(chain, { terms: { ...terms, minTrainers: 1 } });
      await job.join(at(job.world.trainers, 4));
      await job.passDisclosure();
      await expect(job.open()).to.emit(job.world.rounds, "RoundEnded").withArgs(job.id, 1, OUTCOME.empty);
      expect((await job.job()).cancelled).to.equal(false);
      expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
    });
  });

  describe("that was opened", () => {
    it("ends the job after the round where most could not read it, and returns the bond", async () => {
      const job = await judged([UNREADABLE, UNREADABLE, READABLE, READABLE, UNREADABLE]);
      const settling = job.settle(PUBLIC_RELEASE);
      await expect(settling).to.emit(job.world.lifecycle, "HoldoutFailed").withArgs(job.id, 1, true);
      await expect(settling)
        .to.emit(job.world.market, "Credited")
        .withArgs(job.terms.token, job.world.initiator.address, BOND);
      expect(await job.phase()).to.equal("closed");
    });
    it("serves where half could read it, whatever else the others say", async () => {
      for (const says of [UNREADABLE, -32_768, 2]) {
        const job = await judged([says, READABLE, says, READABLE], 4);
        await expect(job.settle(PUBLIC_RELEASE)).not.to.emit(job.world.lifecycle, "HoldoutFailed");
        expect(await job.phase()).to.equal("training");
      }
    });
    it("returns the bond with what is left of the reward", async () => {
      const job = await roundInTraining(chain, { terms });
      expect(await job.world.token.balanceOf(job.world.initiator)).to.equal(WEALTH - job.terms.reward - BOND);
      await job.world.lifecycle.connect(job.world.initiator).cancelJob(job.id);
      await job.passTraining();
      await job.world.lifecycle.closeJob(job.id);
      await job.world.market.connect(job.world.initiator).withdraw(job.terms.token, job.world.initiator.address);
      expect(await job.world.token.balanceOf(job.world.initiator)).to.equal(WEALTH);
    });
  });

  /** Three updates are disclosed. */
  async function inDraw(opened = false): Promise<JobDriver> {
    const job = await roundInDisclosure(chain, { terms });
    if (opened) await holdout.open(job);
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await job.passDisclosure();
    return job;
  }

  /** Seats reveal the given values in lane 0, and otherwise equal vectors. */
  async function judged(lanes: readonly number[], enlisted = 5): Promise<JobDriver> {
    const job = await roundInDisclosure(chain, { terms, enlisted });
    await holdout.open(job);
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    const seats = Object.fromEntries(lanes.map((lane, seat) => [seat, honestSeat([lane, 10, 20, 30], PUBLIC_RELEASE)]));
    await job.judge({ honest: SILENT_SEAT, seats });
    return job;
  }

  it("is none of a public job's affairs", async () => {
    const job = await roundInDraw(chain, { milestones: true });
    const [round, { revealed, holdoutOpen }] = await job.world.rounds.disclosed(job.id);
    expect([round, revealed, holdoutOpen]).to.deep.equal([1n, 3n, false]);
  });
});
