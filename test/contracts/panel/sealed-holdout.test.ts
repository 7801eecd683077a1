import { expect } from "chai";
import { ZeroHash, encodeBytes32String, id } from "ethers";

import { drawnShard } from "@commonweight/sdk/protocol/shards";
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
import { NO_PERMIT, OUTCOME, SCORING } from "../../helpers/contracts/job-params.ts";
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

  describe("has a public shard", () => {
    it("that nobody knows before the first round opens, and that is due in Training", async () => {
      const job = await staffedJob(chain, { terms });
      const { book, rounds, lifecycle } = job.world;
      await expect(book.shardOf(job.id, 0)).to.be.revertedWithCustomError(book, "JobBook_NoShard").withArgs(job.id, 0);
      await expect(lifecycle.openHoldout(job.id, ZeroHash, [])).to.be.revertedWithCustomError(
        rounds,
        "TrainingRounds_WrongPhase",
      );
      await job.open();
      const { key, proof } = holdout.opening(Number(await book.shardOf(job.id, 0)));
      await expect(lifecycle.openHoldout(job.id, key, proof))
        .to.emit(book, "HoldoutOpened")
        .withArgs(job.id, 0, await book.shardOf(job.id, 0), key);
      expect((await job.calls.roster()).publicShardOpen).to.equal(true);
      expect(await book.holdoutKeyOf(job.id, 0)).to.equal(key);
    });
    it("without which nobody commits", async () => {
      const job = await roundInTraining(chain, { terms });
      const commit = () => job.commit(at(job.world.trainers, 0), "too early");
      await expect(commit())
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_PublicShardDue")
        .withArgs(job.id);
      await holdout.openPublic(job);
      await commit();
      expect((await job.facts()).committed).to.equal(1n);
    });
    it("that may be opened in a later round's Training, where the first one ended empty", async () => {
      const job = await roundInTraining(chain, { terms });
      const first = await job.world.book.shardOf(job.id, 0);
      await job.passTraining();
      expect(await job.phase()).to.equal("waiting");
      await job.open();
      expect(await job.world.book.shardOf(job.id, 0)).to.equal(first);
      await holdout.openPublic(job);
      await job.commit(at(job.world.trainers, 0), "an update");
    });
    it("which the initiator may keep closed: members leave, and the rounds end empty, at nobody's cost", async () => {
      const job = await roundInTraining(chain, { terms: { ...terms, minTrainers: 1 } });
      const { market, trainers, initiator } = job.world;
      await job.leave(at(trainers, 0));
      expect(await market.withdrawable(job.terms.token, at(trainers, 0))).to.equal(job.terms.bond);
      for (let round = 1; round < ROUNDS; round++) {
        await job.passTraining();
        await job.open();
      }
      await job.passTraining();
      await job.close();
      expect(await market.burned(job.terms.token)).to.equal(0n);
      expect(await market.withdrawable(job.terms.token, initiator)).to.equal(job.terms.reward + BOND);
    });
  });

  describe("is opened", () => {
    it("in Draw only, before the committee is drawn", async () => {
      const job = await roundInTraining(chain, { holdout, terms });
      await expect(holdout.open(job)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_WrongPhase");
      const early = await roundInDisclosure(chain, { holdout, terms });
      await expect(holdout.open(early)).to.be.revertedWithCustomError(early.world.rounds, "TrainingRounds_WrongPhase");
      const drawn = await inDraw();
      await drawn.passOpening();
      await drawn.draw();
      await expect(holdout.open(drawn)).to.be.revertedWithCustomError(
        drawn.world.rounds,
        "TrainingRounds_NoHoldoutDue",
      );
    });
    it("for as long as Disclosure lasts at most", async () => {
      const job = await inDraw();
      const end = Number((await job.facts()).disclosureEnd) + job.terms.disclosurePeriod;
      await job.passTo(end);
      await expect(holdout.open(job)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_NoHoldoutDue");
    });
    it("where there is one, and once", async () => {
      const open = await roundInDraw(chain);
      await expect(open.world.lifecycle.openHoldout(open.id, ZeroHash, [])).to.be.revertedWithCustomError(
        open.world.rounds,
        "TrainingRounds_WrongPhase",
      );
      const training = await roundInTraining(chain);
      await expect(training.world.lifecycle.openHoldout(training.id, ZeroHash, []))
        .to.be.revertedWithCustomError(training.world.rounds, "TrainingRounds_NoHoldoutDue")
        .withArgs(training.id);
      const job = await inDraw(true);
      await expect(holdout.open(job)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_NoHoldoutDue");
    });
    it("by the key of the round's own shard, and no other", async () => {
      const job = await inDraw();
      const { lifecycle, book } = job.world;
      const due = Number(await book.shardOf(job.id, 1));
      const { key, proof } = holdout.opening(due);
      const other = holdout.opening((due + 1) % (ROUNDS + 1));
      for (const [wrong, path] of [
        [other.key, other.proof],
        [other.key, proof],
        [id("no key"), proof],
        [key, []],
        [key, other.proof],
      ] as const) {
        await expect(lifecycle.openHoldout(job.id, wrong, [...path]))
          .to.be.revertedWithCustomError(book, "JobBook_WrongKey")
          .withArgs(job.id, due);
      }
      expect((await job.facts()).holdoutOpen).to.equal(false);
    });
    it("by whoever knows the key, and publishes it", async () => {
      const job = await inDraw();
      const { key, proof } = await holdout.dueIn(job);
      const { lifecycle, book, stranger } = job.world;
      const shard = await book.shardOf(job.id, 1);
      await expect(lifecycle.connect(stranger).openHoldout(job.id, key, proof))
        .to.emit(book, "HoldoutOpened")
        .withArgs(job.id, 1, shard, key);
      expect(await book.holdoutKeyOf(job.id, 1)).to.equal(key);
      expect(await book.shardOf(job.id, 1)).to.equal(shard);
      expect((await job.facts()).holdoutOpen).to.equal(true);
    });
  });

  it("lets nobody draw while its shard is due, and anyone once it is open or that time is over", async () => {
    const job = await inDraw();
    await expect(job.draw())
      .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_HoldoutDue")
      .withArgs(job.id);
    const before = await chain.helpers.takeSnapshot();
    await holdout.open(job);
    await job.draw();
    expect(await job.phase()).to.equal("scoring");
    await before.restore();
    await job.passOpening();
    await job.draw();
    expect(await job.phase()).to.equal("scoring");
  });

  it("is not waited for in Disclosure: that is over with the last disclosure", async () => {
    const job = await inDraw();
    expect(await job.phase()).to.equal("draw");
    expect((await job.facts()).disclosureEnd).to.equal(await job.now());
  });

  it("has a shard for each round, none of them twice", async () => {
    const job = await roundInTraining(chain, { holdout, terms });
    const { book, rounds } = job.world;
    const seen = [await book.shardOf(job.id, 0)];
    for (let round = 1; round <= ROUNDS; round++) {
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      const place = { entropy: await rounds.entropyOf(job.id), jobId: job.id, round };
      const due = drawnShard(place, seen.map(Number), ROUNDS + 1);
      await holdout.open(job);
      seen.push(await book.shardOf(job.id, round));
      expect(seen.at(-1)).to.equal(BigInt(due));
      await job.judge({ honest: honestSeat([READABLE, 10, 20, 30], PUBLIC_RELEASE) });
      await job.settle(PUBLIC_RELEASE);
    }
    expect(seen.toSorted()).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n]);
  });

  it("draws by what the last trainer discloses: who opens the round, and in which block, has no say", async () => {
    const job = await roundInTraining(chain, { holdout, terms });
    const before = await chain.helpers.takeSnapshot();
    const drawn = new Set<bigint>();
    for (let salts = 0; salts < 12; salts++) {
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      drawn.add(await job.world.book.shardOf(job.id, 1));
      await before.restore();
    }
    // Five shards are left: one alone in twelve draws has a chance of one in fifty million.
    expect(drawn.size).to.be.greaterThan(1);
    expect(drawn.has(await job.world.book.shardOf(job.id, 0))).to.equal(false);
  });

  it("needs two rounds at least", async () => {
    const { world, terms: own } = await staffedJob(chain);
    const { tolerance } = own;
    const one = { ...own, ...new SealedHoldout(1).terms(BOND), maxTolerance: tolerance, rounds: 1 };
    await expect(world.market.connect(world.initiator).postJob(one, NO_PERMIT))
      .to.be.revertedWithCustomError(world.book, "JobBook_BadParameter")
      .withArgs(encodeBytes32String("rounds"));
  });

  it("is none of the confirming round's: nobody opens it, and the initiator keeps its bond", async () => {
    const two = new SealedHoldout(2);
    const choice = { milestones: true, holdout: two, terms: two.terms(BOND) };
    const job = await roundInTraining(chain, choice);
    for (let round = 1; round <= 2; round++) {
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      await two.open(job);
      await job.judge({ honest: honestSeat([READABLE, 10, 20, 30], PUBLIC_RELEASE) });
      await job.settle(PUBLIC_RELEASE);
    }
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
      const job = await roundInTraining(chain, { holdout, terms });
      for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      await job.passOpening();
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
      const job = await roundInDisclosure(chain, { holdout, terms: { ...terms, minTrainers: 1 } });
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
      const job = await roundInTraining(chain, { holdout, terms });
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
    const job = await roundInDraw(chain, { holdout, terms });
    if (opened) await holdout.open(job);
    return job;
  }

  /** Seats reveal the given values in lane 0, and otherwise equal vectors. */
  async function judged(lanes: readonly number[], enlisted = 5): Promise<JobDriver> {
    const job = await roundInDraw(chain, { holdout, terms, enlisted });
    await holdout.open(job);
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
