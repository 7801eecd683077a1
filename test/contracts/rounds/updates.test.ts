import { expect } from "chai";
import { ZeroHash } from "ethers";

import { type Chain, type Signer, at, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf, randomSalt, updateCommitment } from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { PHASE } from "../../helpers/contracts/job-params.ts";

describe("Updates", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("commitUpdate", () => {
    it("reverts outside Training", async () => {
      const waiting = await staffedJob(chain);
      await expect(waiting.commit(at(waiting.world.trainers, 0), "early"))
        .to.be.revertedWithCustomError(waiting.world.rounds, "TrainingRounds_WrongPhase")
        .withArgs(waiting.id, PHASE.waiting);
      const drawing = await roundInDraw(chain);
      await expect(drawing.commit(at(drawing.world.trainers, 0), "late"))
        .to.be.revertedWithCustomError(drawing.world.rounds, "TrainingRounds_WrongPhase")
        .withArgs(drawing.id, PHASE.draw);
    });
    it("reverts for a zero commitment", async () => {
      const { world, id } = await roundInTraining(chain);
      await expect(
        world.rounds.connect(at(world.trainers, 0)).commitUpdate(id, ZeroHash),
      ).to.be.revertedWithCustomError(world.rounds, "TrainingRounds_ZeroDigest");
    });
    it("reverts for strangers and for newcomers before their first round", async () => {
      const job = await roundInTraining(chain);
      await job.join(at(job.world.trainers, 3));
      for (const account of [job.world.stranger, at(job.world.trainers, 3)]) {
        await expect(job.commit(account, "uninvited"))
          .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_NotMember")
          .withArgs(job.id, account.address);
      }
    });
    it("reverts for a member that did not disclose an earlier update", async () => {
      const job = await roundInDisclosure(chain);
      const silent = at(job.world.trainers, 0);
      for (const trainer of job.world.trainers.slice(1, 3)) await job.reveal(trainer);
      await job.passDisclosure();
      await job.judge({ honest: honestSeat([1, 2], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await expect(job.commit(silent, "again"))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_NotMember")
        .withArgs(job.id, silent.address);
    });
    it("reverts when the round is full, but lets a sealed update be replaced", async () => {
      const job = await roundInTraining(chain, { terms: { maxUpdates: 2 } });
      await job.commit(at(job.world.trainers, 0), "one");
      await job.commit(at(job.world.trainers, 1), "two");
      await expect(job.commit(at(job.world.trainers, 2), "three"))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_RoundFull")
        .withArgs(job.id, 2);
      await job.commit(at(job.world.trainers, 0), "one, better");
      expect((await job.facts()).committed).to.equal(2n);
    });
    it("seals, and closes Training once everyone expected has committed", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "one");
      const sealing = job.commit(at(job.world.trainers, 1), "two");
      await expect(sealing)
        .to.emit(job.world.rounds, "UpdateCommitted")
        .withArgs(job.id, 1, at(job.world.trainers, 1).address, (value: string) => value !== ZeroHash);
      expect(await job.phase()).to.equal("training");
      await job.commit(at(job.world.trainers, 2), "three");
      const facts = await job.facts();
      const now = BigInt(await job.now());
      expect([facts.trainingEnd, facts.disclosureEnd]).to.deep.equal([now, now + 1_000n]);
      expect([facts.expectedCommitted, facts.committed, facts.orders]).to.deep.equal([3n, 3n, 3n]);
    });
    it("does not close before minTraining, and not twice", async () => {
      const job = await roundInTraining(chain, { terms: { minTraining: 500 } });
      const { trainingStart } = await job.facts();
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, trainer.address);
      expect((await job.facts()).trainingEnd).to.equal(trainingStart + 500n);
      await job.commit(at(job.world.trainers, 0), "replaced");
      expect((await job.facts()).trainingEnd).to.equal(trainingStart + 500n);
    });
    it("keeps the deadline where minTraining reaches it", async () => {
      const job = await roundInTraining(chain, { terms: { minTraining: 1_000 } });
      const { trainingEnd } = await job.facts();
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, trainer.address);
      const facts = await job.facts();
      expect([facts.trainingEnd, facts.closedEarly]).to.deep.equal([trainingEnd, false]);
    });
    it("waits neither for idlers nor twice, and lets them come back", async () => {
      const job = await secondRoundWithIdler();
      await job.commit(at(job.world.trainers, 2), "back");
      expect((await job.facts()).expectedCommitted).to.equal(0n);
      await job.commit(at(job.world.trainers, 0), "a");
      await job.commit(at(job.world.trainers, 1), "b");
      expect(await job.phase()).to.equal("disclosure");
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect((await job.facts()).expected).to.equal(3n);
    });
  });

  describe("revealUpdate", () => {
    it("reverts outside Disclosure", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "an update");
      await expect(job.reveal(at(job.world.trainers, 0)))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_WrongPhase")
        .withArgs(job.id, PHASE.training);
    });
    it("reverts for a zero digest", async () => {
      const { world, id } = await roundInDisclosure(chain);
      await expect(
        world.rounds.connect(at(world.trainers, 0)).revealUpdate(id, ZeroHash, randomSalt()),
      ).to.be.revertedWithCustomError(world.rounds, "TrainingRounds_ZeroDigest");
    });
    it("reverts where the opening does not match", async () => {
      const job = await roundInDisclosure(chain);
      const trainer = at(job.world.trainers, 0);
      const [digest, salt] = [digestOf("something else"), randomSalt()];
      const place = await job.roundsPlace();
      const facts = job.world.rounds.filters.UpdateCommitted(job.id, 1, trainer.address);
      const [sealed] = await job.world.rounds.queryFilter(facts);
      await expect(job.world.rounds.connect(trainer).revealUpdate(job.id, digest, salt))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_CommitmentMismatch")
        .withArgs(
          job.id,
          trainer.address,
          updateCommitment(place, trainer.address, digest, salt),
          sealed?.args.commitment,
        );
    });
    it("reverts for a member that has sealed nothing in this round", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "an update");
      await job.passTraining();
      const idle = at(job.world.trainers, 1);
      const [digest, salt] = [digestOf("unsealed"), randomSalt()];
      await expect(job.world.rounds.connect(idle).revealUpdate(job.id, digest, salt))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_CommitmentMismatch")
        .withArgs(
          job.id,
          idle.address,
          updateCommitment(await job.roundsPlace(), idle.address, digest, salt),
          ZeroHash,
        );
    });
    it("reverts for a second disclosure", async () => {
      const job = await roundInDisclosure(chain);
      await job.reveal(at(job.world.trainers, 0));
      await expect(job.reveal(at(job.world.trainers, 0))).to.be.revertedWithCustomError(
        job.world.rounds,
        "TrainingRounds_CommitmentMismatch",
      );
    });
    it("discloses in order, and ends Disclosure with the last", async () => {
      const job = await roundInDisclosure(chain);
      const [a, b, c] = job.world.trainers.slice(0, 3);
      if (a === undefined || b === undefined || c === undefined) throw new Error("too few trainers");
      await expect(job.reveal(c))
        .to.emit(job.world.rounds, "UpdateRevealed")
        .withArgs(job.id, 1, c.address, 0, digestOf(`${c.address} in round 1`));
      await job.reveal(a);
      expect(await job.phase()).to.equal("disclosure");
      await expect(job.world.rounds.disclosed(job.id))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_WrongPhase")
        .withArgs(job.id, PHASE.disclosure);
      await job.reveal(b);
      expect(await job.phase()).to.equal("draw");
      expect((await job.facts()).disclosureEnd).to.equal(await job.now());
      const [updates, copies] = await job.world.rounds.updatesOf(job.id, 1);
      expect(updates.map((update) => [update.trainer, update.order])).to.deep.equal([
        [c.address, 2n],
        [a.address, 0n],
        [b.address, 1n],
      ]);
      expect(copies).to.equal(0n);
      const [round, { revealed, holdoutOpen }] = await job.world.rounds.disclosed(job.id);
      expect([round, revealed, holdoutOpen]).to.deep.equal([1n, 3n, false]);
    });
    it("keeps the value with the earliest of identical updates, whoever reveals first", async () => {
      const job = await roundInTraining(chain, { joined: 5 });
      const trainers = job.world.trainers.slice(0, 5);
      for (const trainer of trainers) await job.commit(trainer, "the same");
      for (const index of [3, 1, 2, 0, 4]) await job.reveal(at(trainers, index));
      const [, copies] = await job.world.rounds.updatesOf(job.id, 1);
      // All are copies except the one disclosed fourth, which was committed first.
      expect(copies).to.equal(0b10111n);
      expect(await job.world.rounds.copiesOf(job.id, 1)).to.equal(copies);
    });
    it("takes no update for a copy whose digest only ends in the same bits", async () => {
      const job = await roundInTraining(chain, { joined: 6 });
      const trainers = job.world.trainers.slice(0, 6);
      const digestFor = (index: number) => `0x${String(index).repeat(60)}beef`;
      for (const [index, trainer] of trainers.entries()) await job.commitUpdate(1, trainer, digestFor(index + 1));
      for (const trainer of trainers) await job.reveal(trainer);
      const [updates, copies] = await job.world.rounds.updatesOf(job.id, 1);
      expect(updates.map(({ digest }) => digest)).to.deep.equal(trainers.map((_, index) => digestFor(index + 1)));
      expect(copies).to.equal(0n);
    });
    it("keeps a digest until its trainer seals again or has left, and the trainers for ever", async () => {
      const job = await roundInTraining(chain, { terms: { rounds: 3 } });
      const [a, b, c] = job.world.trainers.slice(0, 3) as [Signer, Signer, Signer];
      await job.play({ updates: await job.ownUpdates(a, b, c), honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await job.commit(a, "the next");
      await job.leave(b);
      const [updates] = await job.world.rounds.updatesOf(job.id, 1);
      const kept = digestOf(`${c.address} in round 1`);
      expect(updates.map(({ digest }) => digest)).to.deep.equal([ZeroHash, ZeroHash, kept]);
      const addresses = [a, b, c].map(({ address }) => address);
      expect(updates.map(({ trainer }) => trainer)).to.deep.equal(addresses);
      expect(await job.world.rounds.trainersOf(job.id, 1)).to.deep.equal(addresses);
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
