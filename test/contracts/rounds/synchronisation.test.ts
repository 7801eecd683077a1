import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  confirmingRoundInDraw,
  honestSeat,
  roundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { type JobTerms, PHASE, SYNC } from "../../helpers/contracts/job-params.ts";

// When Training closes (Ghanem et al. 2021): bulk synchronous, stale synchronous or barrierless. The training period
// here is 1,000 s.
describe("Synchronisation", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("stale synchronous", () => {
    it("extends the deadline once, in proportion to the share of expected members that are missing", async () => {
      const job = await training({ sync: SYNC.ssp });
      const { trainingEnd } = await job.facts();
      await commit(job, 0, 1);
      const extension = 333n;
      expect(await phaseAt(job, trainingEnd + extension - 1n)).to.equal(PHASE.training);
      expect(await phaseAt(job, trainingEnd + extension)).to.equal(PHASE.disclosure);
      expect(await phaseAt(job, trainingEnd + extension + 999n)).to.equal(PHASE.disclosure);
      expect(await phaseAt(job, trainingEnd + extension + 1_000n)).to.equal(PHASE.waiting);
    });

    it("accepts commitments in the extension, and closes with the last one", async () => {
      const job = await training({ sync: SYNC.ssp });
      await commit(job, 0, 1);
      await job.passTraining();
      expect(await job.phase()).to.equal("training");
      await commit(job, 2);
      const facts = await job.facts();
      const now = BigInt(await job.now());
      expect([facts.extended, facts.closedEarly]).to.deep.equal([true, true]);
      expect([facts.trainingEnd, facts.disclosureEnd]).to.deep.equal([now, now + 1_000n]);
    });

    it("does not extend a second time, even if an update is replaced in the extension", async () => {
      const job = await training({ sync: SYNC.ssp });
      await commit(job, 0);
      await job.passTraining();
      const { trainingEnd } = await job.facts();
      await commit(job, 0, 1);
      expect((await job.facts()).trainingEnd).to.equal(trainingEnd);
      await job.passTraining();
      expect(await job.phase()).to.equal("disclosure");
    });

    it("waits another whole period if no member committed, and then gives up the round", async () => {
      const job = await training({ sync: SYNC.ssp });
      const { trainingStart } = await job.facts();
      expect(await phaseAt(job, trainingStart + 1_999n)).to.equal(PHASE.training);
      expect(await phaseAt(job, trainingStart + 2_000n)).to.equal(PHASE.waiting);
    });

    it("does not extend if all expected members have committed", async () => {
      const job = await training({ sync: SYNC.ssp, minTraining: 1_000 });
      const { trainingEnd } = await job.facts();
      await commit(job, 0, 1, 2);
      expect(await phaseAt(job, trainingEnd)).to.equal(PHASE.disclosure);
    });

    it("closes at once where the only one missing leaves in the extension", async () => {
      const job = await training({ sync: SYNC.ssp });
      await commit(job, 0, 1);
      await job.passTraining();
      await job.world.market.connect(at(job.world.trainers, 2)).leaveJob(job.id);
      expect(await job.phase()).to.equal("disclosure");
    });

    it("keeps the extension that it had where the one missing leaves after it", async () => {
      const job = await training({ sync: SYNC.ssp });
      const { trainingEnd } = await job.facts();
      await commit(job, 0, 1);
      await job.passTo(trainingEnd + 333n);
      await job.world.market.connect(at(job.world.trainers, 2)).leaveJob(job.id);
      expect((await job.facts()).trainingEnd).to.equal(trainingEnd + 333n);
      expect(await job.phase()).to.equal("disclosure");
    });

    it("does not extend a confirming round, which has no Training", async () => {
      const terms = { sync: SYNC.ssp, rounds: 1 };
      const job = await confirmingRoundInDraw(chain, { terms });
      const { trainingStart } = await job.facts();
      expect(await phaseAt(job, trainingStart + 5_000n)).to.equal(PHASE.draw);
      const facts = await job.world.rounds.roundOf(job.id, 2, trainingStart + 5_000n);
      expect([facts.extended, facts.trainingEnd, facts.disclosureEnd]).to.deep.equal([false, 0n, 0n]);
    });

    it("does not wait in the next round for a member that missed the extension", async () => {
      const job = await training({ sync: SYNC.ssp });
      await commit(job, 0, 1);
      await job.passTo((await job.facts()).trainingEnd + 333n);
      await settled(job, 0, 1);
      expect((await job.facts()).expected).to.equal(2n);
      await commit(job, 0, 1);
      expect(await job.phase()).to.equal("disclosure");
    });
  });

  describe("barrierless", () => {
    it("closes with the number of commitments that the job names", async () => {
      const job = await training({ sync: SYNC.bap, releaseCount: 2, releaseBps: 10_000 }, 5);
      await commit(job, 4);
      expect(await job.phase()).to.equal("training");
      await commit(job, 1);
      const facts = await job.facts();
      expect([facts.closedEarly, facts.trainingEnd]).to.deep.equal([true, BigInt(await job.now())]);
    });

    it("closes with the share of the expected that the job names", async () => {
      const job = await training({ sync: SYNC.bap, releaseBps: 6_000 }, 5);
      await commit(job, 0, 1);
      expect(await job.phase()).to.equal("training");
      await commit(job, 2);
      expect(await job.phase()).to.equal("disclosure");
    });

    it("closes with everyone expected, whatever it asks for beyond them", async () => {
      const job = await training({ sync: SYNC.bap, releaseCount: 64, releaseBps: 10_000 });
      await commit(job, 0, 1, 2);
      expect(await job.phase()).to.equal("disclosure");
    });

    it("does not close before minTraining, and takes what comes until then", async () => {
      const job = await training({ sync: SYNC.bap, releaseCount: 1, releaseBps: 10_000, minTraining: 500 });
      const { trainingStart } = await job.facts();
      await commit(job, 0);
      expect((await job.facts()).trainingEnd).to.equal(trainingStart + 500n);
      await commit(job, 1);
      const facts = await job.facts();
      expect([facts.committed, facts.trainingEnd]).to.deep.equal([2n, trainingStart + 500n]);
    });

    it("ends at the far deadline with as many as there are", async () => {
      const job = await training({ sync: SYNC.bap, releaseBps: 10_000 });
      await commit(job, 0);
      await job.passTraining();
      expect(await job.phase()).to.equal("disclosure");
    });

    it("runs to its deadline where nobody is expected, whoever comes", async () => {
      const job = await training({ sync: SYNC.bap, releaseBps: 1 });
      await job.passTraining();
      await job.open();
      expect((await job.facts()).expected).to.equal(0n);
      await commit(job, 0, 1, 2);
      expect(await job.phase()).to.equal("training");
      await job.passTraining();
      expect(await job.phase()).to.equal("disclosure");
    });

    it("lets a slow member take part in the next round", async () => {
      const job = await training({ sync: SYNC.bap, releaseCount: 1, releaseBps: 10_000 });
      await commit(job, 0);
      await settled(job, 0);
      await commit(job, 2);
      expect(await job.phase()).to.equal("disclosure");
    });
  });

  describe("barrierless, after a round that closed early", () => {
    it("waits for all members, also for those that did not commit", async () => {
      const job = await afterEarlyRound();
      expect((await job.facts()).expected).to.equal(5n);
      await commit(job, 0);
      expect(await job.phase()).to.equal("training");
      await commit(job, 4);
      expect(await job.phase()).to.equal("disclosure");
    });

    it("allows members that did not commit to leave, during the next round and after it", async () => {
      const job = await afterEarlyRound();
      for (const index of [2, 3]) await job.world.market.connect(at(job.world.trainers, index)).leaveJob(job.id);
      expect((await job.facts()).expected).to.equal(3n);
      await job.passTraining();
      await job.world.market.connect(at(job.world.trainers, 4)).leaveJob(job.id);
      expect((await job.calls.roster()).members).to.equal(2n);
    });

    it("no longer waits for a member that missed a round that ran to its deadline", async () => {
      const job = await afterEarlyRound();
      await commit(job, 0);
      await job.passTraining();
      await settled(job, 0);
      expect((await job.facts()).expected).to.equal(1n);
    });

    /** Two of five members close the first round. */
    async function afterEarlyRound(): Promise<JobDriver> {
      const job = await training({ sync: SYNC.bap, releaseBps: 4_000 }, 5);
      await commit(job, 0, 1);
      await settled(job, 0, 1);
      return job;
    }
  });

  describe("the quota of commitments", () => {
    it("is for one round, and the last commitment counts", async () => {
      const job = await training({ retrainQuota: 2 });
      const trainer = at(job.world.trainers, 0);
      await job.commit(trainer, "first");
      await job.commit(trainer, "second");
      await expect(job.commit(trainer, "third"))
        .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_QuotaUsed")
        .withArgs(job.id, 2);
      await commit(job, 1, 2);
      // The driver remembers the refused commitment, which was not sealed.
      await expect(job.reveal(trainer)).to.be.revertedWithCustomError(
        job.world.rounds,
        "TrainingRounds_CommitmentMismatch",
      );
      for (const index of [1, 2]) await job.reveal(at(job.world.trainers, index));
      await job.passDisclosure();
      await job.judge({ honest: honestSeat([1, 2], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await job.commit(at(job.world.trainers, 1), "in the next round");
      await job.commit(at(job.world.trainers, 1), "and replaced");
    });

    it("of one allows no replacement", async () => {
      const job = await training({ retrainQuota: 1 });
      await commit(job, 0);
      await expect(commit(job, 0)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_QuotaUsed");
    });

    it("costs a replacement its place: who sealed the same before keeps the value", async () => {
      const job = await training({});
      const [late, early] = job.world.trainers;
      if (!late || !early) throw new Error("too few trainers");
      await job.commit(late, "something");
      await job.commit(early, "the same");
      await job.commit(late, "the same");
      await commit(job, 2);
      await job.reveal(late);
      await job.reveal(early);
      const [, copies] = await job.world.rounds.updatesOf(job.id, 1);
      expect(copies).to.equal(0b01n);
    });
  });

  async function training(terms: Partial<JobTerms>, joined = 3): Promise<JobDriver> {
    return roundInTraining(chain, { joined, terms: { rounds: 3, ...terms } });
  }

  async function commit(job: JobDriver, ...trainers: number[]): Promise<void> {
    for (const index of trainers) await job.commit(at(job.world.trainers, index), `update of trainer ${index}`);
  }

  /** These trainers' updates are disclosed, scored and settled. */
  async function settled(job: JobDriver, ...trainers: number[]): Promise<void> {
    for (const index of trainers) await job.reveal(at(job.world.trainers, index));
    await job.judge({
      honest: honestSeat(
        trainers.map(() => 1),
        PRIVATE_RELEASE,
      ),
    });
    await job.settle(PRIVATE_RELEASE);
  }

  async function phaseAt(job: JobDriver, time: bigint): Promise<bigint> {
    return job.world.lifecycle.phaseAt(job.id, time);
  }
});
