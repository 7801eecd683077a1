import { expect } from "chai";
import { MaxUint256, ZeroHash } from "ethers";

import { type Chain, type Signer, at, openChain } from "../../helpers/contracts/chain.ts";
import { INVALID, UNAVAILABLE, digestOf, packScores, scoresCommitment } from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  honestSeat,
  roundInDraw,
  roundInReveal,
  roundInScoring,
  roundInTally,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT, PHASE } from "../../helpers/contracts/job-params.ts";

describe("Scores", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
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
          scoresCommitment(place, { attempt: 1n, validator: holder.address }, other, salt),
          scoresCommitment(place, { attempt: 1n, validator: holder.address }, packed, salt),
        );
    });
    it("reverts for a seat that has sealed nothing in this attempt", async () => {
      const job = await roundInScoring(chain);
      for (const seat of [1, 2, 3, 4]) await job.commitScores(seat, [1, 2, 3]);
      await job.passScoring();
      const holder = at(await job.holders(), 0);
      const actual = scoresCommitment(
        await job.panelPlace(),
        { attempt: 1n, validator: holder.address },
        packScores([1, 2, 3]),
        ZeroHash,
      );
      await expect(job.world.panel.connect(holder).revealScores(job.id, 0, packScores([1, 2, 3]), ZeroHash))
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_CommitmentMismatch")
        .withArgs(job.id, holder.address, actual, ZeroHash);
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
      const kept = await job.world.panel.sealedBy(job.id, holder.address);
      expect(BigInt(kept.scores)).to.equal(MaxUint256 - at(packScores([1, INVALID, -3]), 0));
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
      // Distances from 101 are 0, 1, 3, 11, 199; their median is 3, and four times that is 12.
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
        await expect(tallying).to.emit(job.world.committees, "Delisted").withArgs(job.id, silent.address);
        expect(await job.world.registry.lockedStake(job.terms.token, silent.address, job.id)).to.equal(0n);
      }
      await expect(tallying).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, 3);
      expect(await job.world.committees.enlistedCount(job.id)).to.equal(3n);
      expect(await job.attempt()).to.equal(2n);
      expect(await job.phase()).to.equal("draw");
    });
    it("slashes deviation on a common holdout by half the lock times the share out of band", async () => {
      const { job, liar } = await tallyWithLiar(HOLDOUT.public, [1, 9_000, 9_000]);
      // b = 1/3 of its scores are in band: lock x 50 % x (1 - 2b) = lock / 6.
      const slashed = job.terms.seatLock / 6n;
      await expect(job.tally())
        .to.emit(job.world.registry, "Slashed")
        .withArgs(job.terms.token, liar.address, job.id, slashed);
      expect(await job.world.registry.freeStake(job.terms.token, liar.address)).to.equal(job.terms.seatLock - slashed);
      expect(await job.world.committees.isEnlisted(job.id, liar.address)).to.equal(false);
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
      expect(await job.world.committees.enlistedCount(job.id)).to.equal(4n);
    });
    it("skips the computation without a quorum", async () => {
      const job = await roundInScoring(chain);
      await job.passScoring();
      await expect(job.tally(1)).not.to.emit(job.world.panel, "UpdateTallied");
      expect(await job.attempt()).to.equal(2n);
    });
  });

  async function tallying() {
    const job = await roundInTally(chain);
    return { panel: job.world.panel, id: job.id };
  }

  /** Five seats, one of which does not score 1, 2, 3. */
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
