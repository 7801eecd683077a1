import { expect } from "chai";
import { ZeroHash } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { attestation, digestOf } from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  honestSeat,
  roundInAttestation,
  roundInDraw,
  roundInSettlement,
  roundInTally,
  secondRoundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import { PHASE } from "../../helpers/contracts/job-params.ts";

describe("Attestation and settlement", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
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
        .to.emit(job.world.lifecycle, "ModelReleased")
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
      const attempts = () => Promise.all([1, 2, 3, 4].map((round) => job.world.panel.attemptOf(job.id, round)));
      expect(await attempts()).to.deep.equal([2n, 1n, 0n, 0n]);
      await job.draw();
      expect(await attempts()).to.deep.equal([2n, 1n, 1n, 0n]);
    });
  });
});
