import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { type Chain, type Signer, at, openChain } from "../helpers/contracts/chain.ts";
import {
  INVALID,
  UNAVAILABLE,
  attestation,
  digestOf,
  packScores,
  scoresCommitment,
} from "../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  fundedJob,
  honestSeat,
  roundInAttestation,
  roundInDisclosure,
  roundInDraw,
  roundInReveal,
  roundInScoring,
  roundInSettlement,
  roundInTally,
  roundInTraining,
  secondRoundInTraining,
  staffedJob,
} from "../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../helpers/contracts/job-driver.ts";
import { HOLDOUT, PHASE, NO_PERMIT } from "../helpers/contracts/job-params.ts";

const FOUNDER = 1n << 64n;

describe("ScoringPanel", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("enlist", () => {
    it("reverts for a job that is not open", async () => {
      const { world, id } = await fundedJob(chain);
      await expect(world.panel.enlist(9))
        .to.be.revertedWithCustomError(world.panel, "ScoringPanel_JobNotOpen")
        .withArgs(9);
      await world.rounds.cancelJob(id);
      await expect(world.panel.enlist(id)).to.be.revertedWithCustomError(world.panel, "ScoringPanel_JobNotOpen");
    });
    it("reverts for a validator that is enlisted", async () => {
      const { world, id } = await staffedJob(chain);
      const validator = at(world.validators, 0);
      await expect(world.panel.connect(validator).enlist(id))
        .to.be.revertedWithCustomError(world.panel, "ScoringPanel_AlreadyEnlisted")
        .withArgs(id, validator.address);
    });
    it("reverts for initiator and members", async () => {
      const { world, id } = await staffedJob(chain);
      for (const account of [world.initiator, at(world.trainers, 0)]) {
        await expect(world.panel.connect(account).enlist(id))
          .to.be.revertedWithCustomError(world.panel, "ScoringPanel_RoleTaken")
          .withArgs(id, account.address);
      }
    });
    it("reverts from arming to drawing", async () => {
      const job = await roundInDraw(chain);
      await job.arm();
      await expect(job.enlist(at(job.world.validators, 6)))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_ListFrozen")
        .withArgs(job.id);
      await job.draw();
      await job.world.panel.connect(at(job.world.validators, 6)).enlist(job.id);
    });
    it("reverts without enough free stake", async () => {
      const { world, id, terms } = await staffedJob(chain);
      const validator = at(world.validators, 6);
      await world.registry.connect(validator).stake(terms.token, terms.seatLock - 1n, NO_PERMIT);
      await expect(world.panel.connect(validator).enlist(id))
        .to.be.revertedWithCustomError(world.registry, "StakeRegistry_InsufficientStake")
        .withArgs(terms.token, validator.address, terms.seatLock - 1n, terms.seatLock);
    });
    it("lists the validator and locks a seat's stake", async () => {
      const job = await fundedJob(chain);
      const { panel, registry, validators } = job.world;
      const validator = at(validators, 0);
      await registry.connect(validator).stake(job.terms.token, job.terms.seatLock + 5n, NO_PERMIT);
      const enlisting = panel.connect(validator).enlist(job.id);
      await expect(enlisting).to.emit(panel, "Enlisted").withArgs(job.id, validator.address);
      await expect(enlisting)
        .to.emit(registry, "Locked")
        .withArgs(job.terms.token, validator.address, job.id, job.terms.seatLock);
      expect(await panel.enlistedOf(job.id)).to.deep.equal([validator.address]);
      expect(await registry.lockedStake(job.terms.token, validator.address, job.id)).to.equal(job.terms.seatLock);
      expect(await registry.freeStake(job.terms.token, validator.address)).to.equal(5n);
    });
  });

  describe("delist", () => {
    it("reverts for a validator that is not enlisted", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.panel.connect(world.stranger).delist(id))
        .to.be.revertedWithCustomError(world.panel, "ScoringPanel_NotEnlisted")
        .withArgs(id, world.stranger.address);
    });
    it("reverts from arming to drawing", async () => {
      const job = await roundInDraw(chain);
      await job.arm();
      await expect(job.world.panel.connect(at(job.world.validators, 0)).delist(job.id))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_ListFrozen")
        .withArgs(job.id);
    });
    it("reverts for a seat until the attempt is over", async () => {
      const job = await roundInSettlement(chain);
      const validator = at(job.world.validators, 0);
      await expect(job.world.panel.connect(validator).delist(job.id))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_Seated")
        .withArgs(job.id, validator.address);
      await job.settle(PRIVATE_RELEASE);
      await job.world.panel.connect(validator).delist(job.id);
    });
    it("frees the lock and keeps the list dense", async () => {
      const job = await staffedJob(chain);
      const { panel, registry, validators } = job.world;
      const [a, b, c, d, e] = validators;
      if (!a || !b || !c || !d || !e) throw new Error("too few validators");
      const leaving = panel.connect(b).delist(job.id);
      await expect(leaving).to.emit(panel, "Delisted").withArgs(job.id, b.address);
      await expect(leaving)
        .to.emit(registry, "Unlocked")
        .withArgs(job.terms.token, b.address, job.id, job.terms.seatLock);
      expect(await panel.enlistedOf(job.id)).to.deep.equal([a, e, c, d].map((signer) => signer.address));
      await panel.connect(d).delist(job.id);
      await panel.connect(e).delist(job.id);
      expect(await panel.enlistedOf(job.id)).to.deep.equal([a, c].map((signer) => signer.address));
      expect(await registry.freeStake(job.terms.token, b.address)).to.equal(job.terms.seatLock);
      expect(await panel.isEnlisted(job.id, b.address)).to.equal(false);
    });
  });

  describe("armDraw", () => {
    it("reverts outside Draw", async () => {
      for (const [reach, phase] of [
        [staffedJob, PHASE.waiting],
        [roundInTraining, PHASE.training],
        [roundInDisclosure, PHASE.disclosure],
      ] as const) {
        const job = await reach(chain);
        await expect(job.arm())
          .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_WrongPhase")
          .withArgs(job.id, phase);
      }
      const scoring = await roundInScoring(chain);
      await expect(scoring.arm())
        .to.be.revertedWithCustomError(scoring.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(scoring.id, PHASE.scoring, PHASE.draw);
    });
    it("reverts while the seed can be had", async () => {
      const job = await roundInDraw(chain);
      await job.arm();
      const armed = await chain.ethers.provider.getBlockNumber();
      await chain.helpers.mine(255);
      await expect(job.arm())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_AlreadyArmed")
        .withArgs(job.id, armed);
      await chain.helpers.mine(1);
      await expect(job.arm()).to.emit(job.world.panel, "DrawArmed");
    });
    it("reverts with fewer enlisted than a committee needs", async () => {
      const job = await roundInDraw(chain);
      for (const validator of job.world.validators.slice(0, 3)) await job.world.panel.connect(validator).delist(job.id);
      await expect(job.arm())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_TooFewEnlisted")
        .withArgs(job.id, 2);
    });
    it("fixes this block", async () => {
      const job = await roundInDraw(chain);
      expect(await job.attempt()).to.equal(0n);
      const arming = await job.arm();
      await expect(arming).to.emit(job.world.panel, "DrawArmed").withArgs(job.id, 1, 1, arming.blockNumber);
      const { committee } = await job.committee();
      expect([committee.seedBlock, committee.facts.updates]).to.deep.equal([BigInt(arming.blockNumber ?? 0), 3n]);
    });
  });

  describe("drawCommittee", () => {
    it("reverts outside Draw", async () => {
      const job = await roundInScoring(chain);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.scoring, PHASE.draw);
    });
    it("reverts before the seed is armed, and after it expired", async () => {
      const job = await roundInDraw(chain);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NoSeed")
        .withArgs(job.id, 0);
      const { blockNumber } = await job.arm();
      await chain.helpers.mine(256);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NoSeed")
        .withArgs(job.id, blockNumber);
      await job.arm();
      await chain.helpers.mine(255);
      await job.draw();
    });
    it("reverts in the block that is armed", async () => {
      const job = await roundInDraw(chain);
      const caller = await chain.ethers.deployContract("Batch");
      const { panel } = job.world;
      const data = [
        panel.interface.encodeFunctionData("armDraw", [job.id]),
        panel.interface.encodeFunctionData("drawCommittee", [job.id]),
      ];
      await expect(caller.run(panel, data)).to.be.revertedWithCustomError(panel, "ScoringPanel_NoSeed");
    });
    it("seats all where no more are enlisted than seats", async () => {
      const job = await roundInDraw(chain, { enlisted: 4 });
      await job.arm();
      await expect(job.draw()).to.emit(job.world.panel, "CommitteeDrawn");
      const { committee, seats } = await job.committee();
      expect(committee.facts.seats).to.equal(4n);
      expect(new Set(seats.map((seat) => seat.validator))).to.deep.equal(
        new Set(job.world.validators.slice(0, 4).map((validator) => validator.address)),
      );
      const now = BigInt(await job.now());
      expect([committee.facts.drawnAt, committee.facts.scoringEnd, committee.facts.revealEnd]).to.deep.equal([
        now,
        now + 1_000n,
        now + 2_000n,
      ]);
    });
    it("draws different seats out of a longer list", async () => {
      const job = await roundInDraw(chain, { enlisted: 9 });
      await job.armAndDraw();
      const { seats } = await job.committee();
      const drawn = new Set(seats.map((seat) => seat.validator));
      expect(drawn.size).to.equal(5);
      expect(drawn.has(ZeroAddress)).to.equal(false);
      const idle = job.world.validators.find((validator) => !drawn.has(validator.address));
      if (idle === undefined) throw new Error("everyone is seated");
      await job.world.panel.connect(idle).delist(job.id);
    });
  });

  describe("commitScores", () => {
    it("reverts outside Scoring", async () => {
      const job = await roundInReveal(chain);
      await expect(job.commitScores(0, [1, 2, 3]))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.reveal, PHASE.scoring);
    });
    it("reverts for a zero commitment", async () => {
      const job = await roundInScoring(chain);
      const panel = job.world.panel.connect(at(await job.holders(), 0));
      await expect(panel.commitScores(job.id, 0, ZeroHash)).to.be.revertedWithCustomError(
        panel,
        "ScoringPanel_ZeroDigest",
      );
    });
    it("reverts for another's seat, and for one that is not there", async () => {
      const job = await roundInScoring(chain);
      const holder = at(await job.holders(), 0);
      for (const seat of [1, 5]) {
        await expect(job.world.panel.connect(holder).commitScores(job.id, seat, digestOf("sealed")))
          .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NotYourSeat")
          .withArgs(job.id, seat, holder.address);
      }
    });
    it("reverts for a second commitment", async () => {
      const job = await roundInScoring(chain);
      await job.commitScores(0, [1, 2, 3]);
      await expect(job.commitScores(0, [4, 5, 6]))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_AlreadyDone")
        .withArgs(job.id, 0);
    });
    it("seals, and ends Scoring with the last", async () => {
      const job = await roundInScoring(chain);
      const holder = at(await job.holders(), 0);
      await expect(job.commitScores(0, [1, 2, 3]))
        .to.emit(job.world.panel, "ScoresCommitted")
        .withArgs(job.id, 1, holder.address, 1);
      for (const seat of [1, 2, 3, 4]) {
        expect(await job.phase()).to.equal("scoring");
        await job.commitScores(seat, [1, 2, 3]);
      }
      expect(await job.phase()).to.equal("reveal");
      const { committee } = await job.committee();
      const now = BigInt(await job.now());
      expect([committee.facts.scoringEnd, committee.facts.revealEnd]).to.deep.equal([now, now + 1_000n]);
    });
  });

  describe("revealScores", () => {
    it("reverts outside Reveal", async () => {
      const job = await roundInScoring(chain);
      await job.commitScores(0, [1, 2, 3]);
      await expect(job.revealScores(0))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.scoring, PHASE.reveal);
    });
    it("reverts for another's seat", async () => {
      const job = await roundInReveal(chain);
      const { packed, salt } = await job.scoresOpening(0);
      const thief = at(await job.holders(), 1);
      await expect(job.world.panel.connect(thief).revealScores(job.id, 0, packed, salt))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NotYourSeat")
        .withArgs(job.id, 0, thief.address);
    });
    it("reverts for a second reveal", async () => {
      const job = await roundInReveal(chain);
      await job.revealScores(0);
      await expect(job.revealScores(0))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_AlreadyDone")
        .withArgs(job.id, 0);
    });
    it("reverts where the opening does not match", async () => {
      const job = await roundInReveal(chain);
      const holder = at(await job.holders(), 0);
      const { packed, salt } = await job.scoresOpening(0);
      const other = packScores([1, 2, 4]);
      const place = await job.panelPlace();
      await expect(job.world.panel.connect(holder).revealScores(job.id, 0, other, salt))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_CommitmentMismatch")
        .withArgs(
          job.id,
          holder.address,
          scoresCommitment(place, 1n, holder.address, other, salt),
          scoresCommitment(place, 1n, holder.address, packed, salt),
        );
    });
    it("reverts for a vector of the wrong shape", async () => {
      for (const scores of [[1, 2, 3, 4], Array.from({ length: 17 }, () => 1), []]) {
        const job = await roundInScoring(chain);
        await job.commitScores(0, scores);
        await job.passScoring();
        await expect(job.revealScores(0))
          .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadScores")
          .withArgs(job.id, 3);
      }
    });
    it("opens, and ends Reveal with the last that committed", async () => {
      const job = await roundInScoring(chain);
      for (const seat of [0, 1, 2, 3]) await job.commitScores(seat, [1, INVALID, -3]);
      await job.passScoring();
      const holder = at(await job.holders(), 0);
      await expect(job.revealScores(0))
        .to.emit(job.world.panel, "ScoresRevealed")
        .withArgs(job.id, 1, holder.address, 1, packScores([1, INVALID, -3]));
      expect(await job.world.panel.vectorOf(job.id, 1, 1, 0)).to.deep.equal(packScores([1, INVALID, -3]));
      expect(await job.world.panel.vectorOf(job.id, 1, 1, 1)).to.deep.equal([]);
      for (const seat of [1, 2, 3]) {
        expect(await job.phase()).to.equal("reveal");
        await job.revealScores(seat);
      }
      expect(await job.phase()).to.equal("tally");
    });
  });

  describe("tally", () => {
    it("reverts outside Tally", async () => {
      const job = await roundInReveal(chain);
      await expect(job.tally())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.reveal, PHASE.tally);
    });
    it("takes any count, in any chunks", async () => {
      const { panel, id } = await tallying();
      await panel.tally(id, 0);
      await panel.tally(id, 1);
      await panel.tally(id, (1n << 256n) - 1n);
    });
    it("computes the lower median and its band, update by update", async () => {
      const job = await roundInDraw(chain, { terms: { tolerance: 10, maxTolerance: 50 } });
      const scores = [
        [100, INVALID, 5],
        [104, INVALID, 5],
        [90, INVALID, UNAVAILABLE],
        [300, 7, UNAVAILABLE],
        [101, 8, UNAVAILABLE],
      ];
      const seats = Object.fromEntries(scores.map((vector, seat) => [seat, honestSeat(vector, PRIVATE_RELEASE)]));
      await job.score({ honest: SILENT_SEAT, seats });
      const tallying = job.tally();
      // Distances from 101 are 0, 1, 3, 11, 199: their median 3, four times that 12.
      for (const [index, median, band] of [
        [0, 101, 12],
        [1, INVALID, 0],
        [2, UNAVAILABLE, 0],
      ]) {
        await expect(tallying).to.emit(job.world.panel, "UpdateTallied").withArgs(job.id, 1, 1, index, median, band);
      }
      expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([
        101n,
        BigInt(INVALID),
        BigInt(UNAVAILABLE),
      ]);
      const { committee, seats: rated } = await job.committee();
      expect([committee.scored, committee.facts.tallied]).to.deep.equal([1n, 3n]);
      expect(rated.map((seat) => [seat.numeric, seat.inBand, seat.agreement])).to.deep.equal([
        [1n, 1n, 10_000n - 833n],
        [1n, 1n, 7_500n],
        [1n, 1n, 10_000n - 9_166n],
        [1n, 0n, 0n],
        [1n, 1n, 10_000n],
      ]);
    });
    it("leaves out of the band's share what a seat could not fetch", async () => {
      const job = await roundInDraw(chain, { terms: { holdout: HOLDOUT.public } });
      const absent = honestSeat([UNAVAILABLE, INVALID, UNAVAILABLE], PUBLIC_RELEASE);
      await job.judge({ honest: honestSeat([1, 2, 3], PUBLIC_RELEASE), seats: { 2: absent } });
      expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
      await job.settle(PUBLIC_RELEASE);
      const pay = await job.world.market.validatorsPayOf(job.id, 1, 1);
      const [, amounts] = await job.world.panel.sharesOf(job.id, 1, 1, pay.quality, 0);
      expect(amounts[2]).to.equal(0n);
    });
    it("slashes silence fully, and takes the silent off the list", async () => {
      const job = await roundInScoring(chain);
      for (const seat of [0, 1, 2, 3]) await job.commitScores(seat, [1, 2, 3]);
      await job.passScoring();
      for (const seat of [0, 1, 2]) await job.revealScores(seat);
      await job.passReveal();
      const holders = await job.holders();
      const tallying = job.tally();
      for (const silent of holders.slice(3)) {
        await expect(tallying)
          .to.emit(job.world.registry, "Slashed")
          .withArgs(job.terms.token, silent.address, job.id, job.terms.seatLock);
        await expect(tallying).to.emit(job.world.panel, "Delisted").withArgs(job.id, silent.address);
        expect(await job.world.registry.lockedStake(job.terms.token, silent.address, job.id)).to.equal(0n);
      }
      await expect(tallying).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, 3);
      expect(await job.world.panel.enlistedCount(job.id)).to.equal(3n);
      expect(await job.attempt()).to.equal(2n);
      expect(await job.phase()).to.equal("draw");
    });
    it("slashes deviation on a common holdout by half the lock times the share out of band", async () => {
      const { job, liar } = await tallyWithLiar(HOLDOUT.public, [1, 9_000, 9_000]);
      // One of three in band: lock x 50 % x (1 - 2/3).
      const slashed = job.terms.seatLock / 6n;
      await expect(job.tally())
        .to.emit(job.world.registry, "Slashed")
        .withArgs(job.terms.token, liar.address, job.id, slashed);
      expect(await job.world.registry.freeStake(job.terms.token, liar.address)).to.equal(job.terms.seatLock - slashed);
      expect(await job.world.panel.isEnlisted(job.id, liar.address)).to.equal(false);
      expect(await job.phase()).to.equal("attestation");
    });
    it("slashes nobody with half in band", async () => {
      const { job } = await tallyWithLiar(HOLDOUT.public, [1, 2, 9_000]);
      await expect(job.tally()).not.to.emit(job.world.registry, "Slashed");
    });
    it("slashes nobody for deviation on private holdouts, and pays no quality for it", async () => {
      const { job, seat } = await tallyWithLiar(HOLDOUT.own, [9_000, 9_000, 9_000]);
      await expect(job.tally()).not.to.emit(job.world.registry, "Slashed");
      const [, amounts] = await job.world.panel.sharesOf(job.id, 1, 1, 1_000, 0);
      expect(amounts[seat]).to.equal(0n);
    });
    it("fails the attempt and slashes nobody for deviation where half deviate", async () => {
      const job = await roundInDraw(chain, {
        enlisted: 4,
        terms: { holdout: HOLDOUT.public, tolerance: 1, maxTolerance: 1 },
      });
      const liar = honestSeat([9_000, 9_000, 9_000], PUBLIC_RELEASE);
      const other = honestSeat([-9_000, -9_000, -9_000], PUBLIC_RELEASE);
      await job.score({ honest: honestSeat([1, 2, 3], PUBLIC_RELEASE), seats: { 0: liar, 1: other } });
      const tallying = job.tally();
      await expect(tallying).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, 4);
      await expect(tallying).not.to.emit(job.world.registry, "Slashed");
      expect(await job.world.panel.enlistedCount(job.id)).to.equal(4n);
    });
    it("skips the computation without a quorum", async () => {
      const job = await roundInScoring(chain);
      await job.passScoring();
      await expect(job.tally(1)).not.to.emit(job.world.panel, "UpdateTallied");
      expect(await job.attempt()).to.equal(2n);
    });
  });

  describe("attestModel", () => {
    it("reverts outside Attestation", async () => {
      const job = await roundInTally(chain);
      await expect(job.attest(0, PRIVATE_RELEASE))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.tally, PHASE.attestation);
    });
    it("reverts for zero, for another's seat, and for a second attestation", async () => {
      const job = await roundInAttestation(chain);
      const [holder, other] = await job.holders();
      if (!holder || !other) throw new Error("too few seats");
      const { panel } = job.world;
      await expect(panel.connect(holder).attestModel(job.id, 0, ZeroHash)).to.be.revertedWithCustomError(
        panel,
        "ScoringPanel_ZeroDigest",
      );
      await expect(panel.connect(other).attestModel(job.id, 0, digestOf("x")))
        .to.be.revertedWithCustomError(panel, "ScoringPanel_NotYourSeat")
        .withArgs(job.id, 0, other.address);
      await job.attest(0, PRIVATE_RELEASE);
      await expect(job.attest(0, PRIVATE_RELEASE))
        .to.be.revertedWithCustomError(panel, "ScoringPanel_AlreadyDone")
        .withArgs(job.id, 0);
    });
    it("keeps the attestation, and ends Attestation with the last", async () => {
      const job = await roundInAttestation(chain);
      const holder = at(await job.holders(), 0);
      await expect(job.attest(0, PRIVATE_RELEASE))
        .to.emit(job.world.panel, "ModelAttested")
        .withArgs(job.id, 1, holder.address, 1);
      for (const seat of [1, 2, 3, 4]) await job.attest(seat, PRIVATE_RELEASE);
      expect(await job.phase()).to.equal("settlement");
    });
  });

  describe("settle", () => {
    it("reverts outside Settlement, and after its end", async () => {
      const early = await roundInAttestation(chain);
      await expect(early.settle(PRIVATE_RELEASE))
        .to.be.revertedWithCustomError(early.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(early.id, PHASE.attestation, PHASE.settlement);
      const late = await roundInSettlement(chain);
      const end = await late.settlementEnd();
      await late.passSettlement();
      await expect(late.settle(PRIVATE_RELEASE))
        .to.be.revertedWithCustomError(late.world.panel, "ScoringPanel_SettlementTime")
        .withArgs(late.id, end);
    });
    it("reverts for scores that cannot be", async () => {
      for (const [milestones, base, score] of [
        [false, 1, 0],
        [false, 0, 1],
        [true, 10_001, 0],
        [true, 0, 10_001],
      ] as const) {
        const job = await roundInSettlement(chain, { milestones });
        await expect(job.settle({ digest: digestOf("x"), baseScore: base, score }))
          .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadAttestation")
          .withArgs(job.id, base, score);
      }
    });
    it("reverts for a zero digest, and for what no majority attested", async () => {
      const job = await roundInAttestation(chain);
      for (const seat of [0, 1]) await job.attest(seat, PRIVATE_RELEASE);
      // A copied attestation is worthless.
      const first = at(await job.holders(), 0);
      const copy = attestation(await job.panelPlace(), 1n, first.address, PRIVATE_RELEASE);
      await job.world.panel.connect(at(await job.holders(), 2)).attestModel(job.id, 2, copy);
      await job.passAttestation();
      await expect(job.settle({ ...PRIVATE_RELEASE, digest: ZeroHash })).to.be.revertedWithCustomError(
        job.world.panel,
        "ScoringPanel_ZeroDigest",
      );
      await expect(job.settle(PRIVATE_RELEASE))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NoMajority")
        .withArgs(job.id, 2, 3);
    });
    it("releases what a majority of the seats attested, and goes on", async () => {
      const job = await roundInAttestation(chain);
      for (const seat of [0, 2, 4]) await job.attest(seat, PRIVATE_RELEASE);
      await job.passAttestation();
      const settling = job.settle(PRIVATE_RELEASE);
      await expect(settling).to.emit(job.world.panel, "AttemptSettled").withArgs(job.id, 1, 1, 0b10101);
      await expect(settling)
        .to.emit(job.world.rounds, "ModelReleased")
        .withArgs(job.id, 1, 1, PRIVATE_RELEASE.digest, 0, 0);
      expect(await job.phase()).to.equal("training");
      expect(await job.round()).to.equal(2n);
      expect(await job.world.panel.attemptOf(job.id, 1)).to.equal(1n);
    });
    it("settles once", async () => {
      const job = await secondRoundInTraining(chain);
      await expect(job.settle(PRIVATE_RELEASE))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.none, PHASE.settlement);
    });
  });

  describe("failAttempt", () => {
    it("reverts outside Settlement, and before its end", async () => {
      const early = await roundInAttestation(chain);
      await expect(early.failAttempt())
        .to.be.revertedWithCustomError(early.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(early.id, PHASE.attestation, PHASE.settlement);
      const settling = await roundInSettlement(chain);
      await expect(settling.failAttempt())
        .to.be.revertedWithCustomError(settling.world.panel, "ScoringPanel_SettlementTime")
        .withArgs(settling.id, await settling.settlementEnd());
    });
    it("sends the round back to Draw with the same updates, and ends the job the second time", async () => {
      const job = await roundInAttestation(chain);
      await job.passAttestation();
      await job.passSettlement();
      await expect(job.failAttempt()).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, 5);
      expect(await job.phase()).to.equal("draw");
      await job.judge({ honest: { scores: [1, 2, 3], attests: undefined } });
      await job.passSettlement();
      const failing = job.failAttempt();
      await expect(failing).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 2, 5);
      await expect(failing).to.emit(job.world.rounds, "RoundEnded").withArgs(job.id, 1, 3);
      expect(await job.phase()).to.equal("closed");
      expect(await job.world.panel.attemptOf(job.id, 1)).to.equal(2n);
    });
  });

  describe("attemptOf", () => {
    it("remembers how many attempts an earlier round took", async () => {
      const job = await roundInDraw(chain, { terms: { rounds: 3 } });
      await job.judge({ honest: { scores: [1, 2, 3], attests: undefined } });
      await job.passSettlement();
      await job.failAttempt();
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await job.train(await job.ownUpdates(at(job.world.trainers, 0)));
      await job.judge({ honest: honestSeat([1], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await job.train(await job.ownUpdates(at(job.world.trainers, 0)));
      await job.arm();
      const attempts = await Promise.all([1, 2, 3, 4].map((round) => job.world.panel.attemptOf(job.id, round)));
      expect(attempts).to.deep.equal([2n, 1n, 1n, 0n]);
    });
  });

  describe("trust", () => {
    it("gives founders equal parts and newcomers none", async () => {
      const job = await roundInTraining(chain);
      await job.join(at(job.world.trainers, 3));
      const values = await trusts(job, 4);
      expect(values).to.deep.equal([FOUNDER, FOUNDER, FOUNDER, 0n]);
      const [pool, none] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
      expect([pool.total, pool.members, none]).to.deep.equal([3n * FOUNDER, 4n, 0n]);
    });
    it("grows and shrinks with the consensus, as a part of the whole", async () => {
      const job = await settled([100, -5_000, -9_000]);
      const total = 3n * FOUNDER;
      expect(await trusts(job, 3)).to.deep.equal([FOUNDER + total / 100n, 0n, 0n]);
    });
    it("clamps gains to the whole", async () => {
      const job = await settled([32_000, -1, 0]);
      const total = 3n * FOUNDER;
      expect(await trusts(job, 3)).to.deep.equal([FOUNDER + total, FOUNDER - total / 10_000n, FOUNDER]);
    });
    it("takes it from the malformed, and leaves it to what nobody could fetch", async () => {
      const job = await settled([INVALID, UNAVAILABLE, 0]);
      expect(await trusts(job, 3)).to.deep.equal([0n, FOUNDER, FOUNDER]);
    });
    it("starts anew with equal parts once all is lost", async () => {
      const job = await settled([-10_000, -10_000, INVALID]);
      const [pool] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
      expect([pool.epoch, pool.total]).to.deep.equal([1n, 3n * FOUNDER]);
      expect(await trusts(job, 3)).to.deep.equal([FOUNDER, FOUNDER, FOUNDER]);
    });
    it("leaves copies as they were", async () => {
      const job = await roundInTraining(chain);
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, "the same");
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      await job.judge({ honest: honestSeat([-1_000, -1_000, -1_000], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect(await trusts(job, 3)).to.deep.equal([FOUNDER - (3n * FOUNDER) / 10n, FOUNDER, FOUNDER]);
    });
    it("keeps the round's total where a member leaves in its midst, until it is settled", async () => {
      const job = await roundInDraw(chain, { joined: 3 });
      await job.join(at(job.world.trainers, 3));
      const before = await roundInTraining(chain);
      for (const trainer of before.world.trainers.slice(0, 2)) await before.commit(trainer, trainer.address);
      await before.world.market.connect(at(before.world.trainers, 2)).leaveJob(before.id);
      const [running] = await before.world.trust.trustOf(before.id, before.world.stranger.address);
      expect([running.total, running.departed]).to.deep.equal([3n * FOUNDER, FOUNDER]);
      for (const trainer of before.world.trainers.slice(0, 2)) await before.reveal(trainer);
      await before.judge({ honest: honestSeat([0, 100], PRIVATE_RELEASE) });
      await before.settle(PRIVATE_RELEASE);
      const [after] = await before.world.trust.trustOf(before.id, before.world.stranger.address);
      expect([after.total, after.departed]).to.deep.equal([2n * FOUNDER + (3n * FOUNDER) / 100n, 0n]);
    });
    it("loses at once what leaves between rounds", async () => {
      const job = await staffedJob(chain);
      await job.world.market.connect(at(job.world.trainers, 0)).leaveJob(job.id);
      const [pool] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
      expect([pool.total, pool.departed, pool.members]).to.deep.equal([2n * FOUNDER, 0n, 2n]);
    });
    it("is not kept where trainers are paid by contribution", async () => {
      const job = await secondRoundInTraining(chain, { milestones: true });
      const [pool] = await job.world.trust.trustOf(job.id, at(job.world.trainers, 0).address);
      expect([pool.total, pool.members]).to.deep.equal([0n, 0n]);
      await job.world.market.connect(at(job.world.trainers, 0)).leaveJob(job.id);
    });
    it("shrinks all values lazily once the total is too large, and keeps their proportions", async () => {
      const job = await roundInTraining(chain, { terms: { rounds: 100, deadline: (await now()) + 10_000_000 } });
      const trainers = job.world.trainers.slice(0, 3);
      let scale = 0n;
      for (let round = 0; scale === 0n; round++) {
        if (round > 60) throw new Error("the total never grew too large");
        const active = trainers.slice(0, 2);
        await job.train(await job.ownUpdates(...active));
        await job.judge({ honest: honestSeat([10_000, 10_000], PRIVATE_RELEASE) });
        await job.settle(PRIVATE_RELEASE);
        [{ scale }] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
      }
      const [a, b, idle] = await trusts(job, 3);
      const [pool] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
      expect(a).to.equal(b);
      expect(idle).to.equal(1n);
      expect((a ?? 0n) + (b ?? 0n) + (idle ?? 0n)).to.be.within(pool.total - 3n, pool.total);
    });

    it("starts anew where all is lost after values have shrunk, whatever rounding left of the total", async () => {
      const job = await roundInTraining(chain, { terms: { rounds: 100, deadline: (await now()) + 10_000_000 } });
      const trainers = job.world.trainers.slice(0, 3);
      for (
        let scale = 0n;
        scale === 0n;
        [{ scale }] = await job.world.trust.trustOf(job.id, job.world.stranger.address)
      ) {
        await job.train(await job.ownUpdates(...trainers));
        await job.judge({ honest: honestSeat([9_999, 7_777, 3_333], PRIVATE_RELEASE) });
        await job.settle(PRIVATE_RELEASE);
      }
      await job.train(await job.ownUpdates(...trainers));
      await job.judge({ honest: honestSeat([-10_000, -10_000, -10_000], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect(await trusts(job, 3)).to.deep.equal([FOUNDER, FOUNDER, FOUNDER]);
    });

    async function now(): Promise<number> {
      return chain.helpers.time.latest();
    }

    async function settled(consensus: readonly number[]): Promise<JobDriver> {
      const job = await roundInDraw(chain);
      await job.judge({ honest: honestSeat(consensus, PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      return job;
    }

    async function trusts(job: JobDriver, count: number): Promise<bigint[]> {
      const read = job.world.trainers
        .slice(0, count)
        .map((trainer) => job.world.trust.trustOf(job.id, trainer.address));
      return (await Promise.all(read)).map(([, value]) => value);
    }
  });

  describe("the trust book's functions", () => {
    it("revert for anyone but the rounds", async () => {
      const { world, id } = await staffedJob(chain);
      const trust = world.trust.connect(world.initiator);
      for (const call of [
        trust.admit(id, world.stranger.address, true),
        trust.dismiss(id, world.stranger.address, false),
        trust.grow(id, 1, 1),
        trust.forgetDeparted(id),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(trust, "TrustBook_NotRounds")
          .withArgs(world.initiator.address);
      }
    });
  });

  async function tallying() {
    const job = await roundInTally(chain);
    return { panel: job.world.panel, id: job.id };
  }

  /** Five seats of which one says something else than 1, 2, 3. */
  async function tallyWithLiar(
    holdout: number,
    lie: readonly number[],
  ): Promise<{ job: JobDriver; liar: Signer; seat: number }> {
    const job = await roundInDraw(chain, { terms: { holdout, tolerance: 1, maxTolerance: 1 } });
    const seat = 3;
    await job.score({
      honest: honestSeat([1, 2, 3], PUBLIC_RELEASE),
      seats: { [seat]: honestSeat(lie, PUBLIC_RELEASE) },
    });
    return { job, liar: at(await job.holders(), seat), seat };
  }
});
