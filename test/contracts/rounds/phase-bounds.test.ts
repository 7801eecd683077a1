import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  roundInAttestation,
  roundInDisclosure,
  roundInDraw,
  roundInReveal,
  roundInScoring,
  roundInSettlement,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { PHASE, type PhaseName } from "../../helpers/contracts/job-params.ts";

interface Bound {
  readonly phase: PhaseName;
  readonly next: PhaseName;
  readonly reach: () => Promise<JobDriver>;
  readonly end: (job: JobDriver) => Promise<bigint>;
  /** A call of this phase, which is refused after it. */
  readonly act: (job: JobDriver) => Promise<unknown>;
}

// Phases are half-open intervals [start, end): the last second before `end` belongs to the phase, `end` does not.
describe("The bounds of phases", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  const bounds: Bound[] = [
    {
      phase: "training",
      next: "disclosure",
      reach: trainingWithOne,
      end: async (job) => (await job.facts()).trainingEnd,
      act: (job) => job.commit(at(job.world.trainers, 1), "in the last second"),
    },
    {
      phase: "disclosure",
      next: "draw",
      reach: disclosureWithOne,
      end: async (job) => (await job.facts()).disclosureEnd,
      act: (job) => job.reveal(at(job.world.trainers, 1)),
    },
    {
      phase: "scoring",
      next: "reveal",
      reach: scoringWithOne,
      end: async (job) => (await job.committee()).committee.facts.scoringEnd,
      act: (job) => job.commitScores(1, [1, 2, 3]),
    },
    {
      phase: "reveal",
      next: "tally",
      reach: () => roundInReveal(chain),
      end: async (job) => (await job.committee()).committee.facts.revealEnd,
      act: (job) => job.revealScores(0),
    },
    {
      phase: "attestation",
      next: "settlement",
      reach: () => roundInAttestation(chain),
      end: async (job) => (await job.committee()).committee.facts.attestationEnd,
      act: (job) => job.attest(0, PRIVATE_RELEASE),
    },
  ];

  for (const { phase, next, reach, end, act } of bounds) {
    it(`${phase} takes its work in the last second before its end`, async () => {
      const job = await reach();
      await chain.helpers.time.increaseTo((await end(job)) - 2n);
      await chain.helpers.time.setNextBlockTimestamp((await end(job)) - 1n);
      await act(job);
    });
    it(`${phase} refuses it in the first second at its end, and ${next} begins`, async () => {
      const job = await reach();
      const time = await end(job);
      expect(await job.world.lifecycle.phaseAt(job.id, time - 1n)).to.equal(PHASE[phase]);
      expect(await job.world.lifecycle.phaseAt(job.id, time)).to.equal(PHASE[next]);
      await chain.helpers.time.increaseTo(time);
      await expect(act(job)).to.be.revert(chain.ethers);
    });
  }

  it("settlement settles in the last second before its end, and fails from then on", async () => {
    const job = await roundInSettlement(chain);
    const end = await job.settlementEnd();
    await chain.helpers.time.increaseTo(end - 1);
    expect(await job.phase()).to.equal("settlement");
    const snapshot = await chain.helpers.takeSnapshot();
    await chain.helpers.time.setNextBlockTimestamp(end - 1);
    await job.settle(PRIVATE_RELEASE);
    await snapshot.restore();
    await chain.helpers.time.setNextBlockTimestamp(end);
    await expect(job.settle(PRIVATE_RELEASE))
      .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_SettlementTime")
      .withArgs(job.id, end);
    await chain.helpers.time.setNextBlockTimestamp(end);
    await job.failAttempt();
    expect(await job.attempt()).to.equal(2n);
  });
  it("rounds open in the last second before the deadline and not at it", async () => {
    const job = await staffedJob(chain);
    await chain.helpers.time.increaseTo(job.terms.deadline - 1);
    const snapshot = await chain.helpers.takeSnapshot();
    await chain.helpers.time.setNextBlockTimestamp(job.terms.deadline - 1);
    await job.open();
    await snapshot.restore();
    await chain.helpers.time.increaseTo(job.terms.deadline);
    await expect(job.open()).to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NoMoreRounds");
    await job.world.lifecycle.closeJob(job.id);
  });
  it("Training without commitments and Disclosure without updates end the round", async () => {
    const training = await roundInTraining(chain);
    const { trainingEnd } = await training.facts();
    expect(await training.world.lifecycle.phaseAt(training.id, trainingEnd)).to.equal(PHASE.waiting);
    const disclosure = await roundInDisclosure(chain);
    const { disclosureEnd } = await disclosure.facts();
    expect(await disclosure.world.lifecycle.phaseAt(disclosure.id, disclosureEnd - 1n)).to.equal(PHASE.disclosure);
    expect(await disclosure.world.lifecycle.phaseAt(disclosure.id, disclosureEnd)).to.equal(PHASE.waiting);
  });
  it("Scoring without commitments passes Reveal over", async () => {
    const job = await roundInScoring(chain);
    const { committee } = await job.committee();
    expect(await job.world.lifecycle.phaseAt(job.id, committee.facts.scoringEnd)).to.equal(PHASE.tally);
  });
  it("Draw and Tally have no upper bound", async () => {
    const drawing = await roundInDraw(chain);
    expect(await drawing.world.lifecycle.phaseAt(drawing.id, 2n ** 40n)).to.equal(PHASE.draw);
    const tallying = await roundInReveal(chain);
    expect(await tallying.world.lifecycle.phaseAt(tallying.id, 2n ** 40n)).to.equal(PHASE.tally);
  });

  async function trainingWithOne(): Promise<JobDriver> {
    const job = await roundInTraining(chain);
    await job.commit(at(job.world.trainers, 0), "first");
    return job;
  }

  async function disclosureWithOne(): Promise<JobDriver> {
    const job = await roundInDisclosure(chain);
    await job.reveal(at(job.world.trainers, 0));
    return job;
  }

  async function scoringWithOne(): Promise<JobDriver> {
    const job = await roundInScoring(chain);
    await job.commitScores(0, [1, 2, 3]);
    return job;
  }
});
