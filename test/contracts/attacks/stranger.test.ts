import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { UNAVAILABLE, digestOf } from "../../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained, expectExit, strangerCloses } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  confirmingRoundInDraw,
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
  secondAttemptInDraw,
  secondRoundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { OUTCOME } from "../../helpers/contracts/job-params.ts";
import { at } from "../../helpers/contracts/chain.ts";
import { WEALTH } from "../../helpers/contracts/world.ts";

interface Silence {
  /** The state from which on every account but the stranger is silent. */
  readonly from: string;
  readonly reach: (milestones: boolean) => Promise<JobDriver>;
}

// From any reachable state, one arbitrary caller can end the job after the last deadline, and everyone is paid out.
describe("A job in which everyone falls silent", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  const silences: Silence[] = [
    { from: "Waiting, nobody joined", reach: (milestones) => fundedJob(chain, { milestones }) },
    {
      from: "Waiting, members but no validators",
      reach: (milestones) => staffedJob(chain, { milestones, enlisted: 0 }),
    },
    { from: "Waiting, everyone there", reach: (milestones) => staffedJob(chain, { milestones }) },
    { from: "Waiting, cancelled", reach: cancelledWhileWaiting },
    { from: "Waiting after a settled round", reach: waitingAfterRound },
    { from: "Waiting after a round without updates", reach: waitingAfterEmptyRound },
    { from: "Training, nothing committed", reach: (milestones) => roundInTraining(chain, { milestones }) },
    { from: "Training, one committed", reach: trainingWithOne },
    { from: "Training, cancelled", reach: cancelledInTraining },
    { from: "Training of the second round", reach: (milestones) => secondRoundInTraining(chain, { milestones }) },
    { from: "Disclosure, nothing disclosed", reach: (milestones) => roundInDisclosure(chain, { milestones }) },
    { from: "Disclosure, one disclosed", reach: disclosureWithOne },
    { from: "Disclosure, one leaving", reach: disclosureWithLeaver },
    { from: "Draw, enough enlisted", reach: (milestones) => roundInDraw(chain, { milestones }) },
    { from: "Draw, too few enlisted", reach: drawWithTooFew },
    { from: "Draw, others enlisted meanwhile", reach: drawWithLateComers },
    { from: "Draw, for longer than block hashes are known", reach: drawLongDue },
    { from: "Scoring, nothing sealed", reach: (milestones) => roundInScoring(chain, { milestones }) },
    { from: "Scoring, one seat sealed", reach: (milestones) => scoringWith(milestones, 1) },
    { from: "Scoring, a quorum sealed", reach: (milestones) => scoringWith(milestones, 4) },
    { from: "Reveal, nothing revealed", reach: (milestones) => roundInReveal(chain, { milestones }) },
    { from: "Reveal, one seat revealed", reach: (milestones) => revealWith(milestones, 1) },
    { from: "Reveal, a quorum revealed", reach: (milestones) => revealWith(milestones, 4) },
    { from: "Tally, everything revealed", reach: (milestones) => roundInTally(chain, { milestones }) },
    { from: "Tally, half done", reach: tallyHalfDone },
    { from: "Tally, nobody agrees", reach: tallyWithoutAgreement },
    { from: "Tally, all updates void", reach: tallyAllVoid },
    { from: "Attestation, no attestation", reach: (milestones) => roundInAttestation(chain, { milestones }) },
    { from: "Attestation, a minority", reach: (milestones) => attestationWith(milestones, ["a", "a"]) },
    { from: "Attestation, split", reach: (milestones) => attestationWith(milestones, ["a", "a", "b", "b"]) },
    { from: "Settlement, majority not settled", reach: (milestones) => roundInSettlement(chain, { milestones }) },
    { from: "second attempt's Draw", reach: (milestones) => secondAttemptInDraw(chain, { milestones }) },
    { from: "second attempt's Draw, too few enlisted", reach: secondDrawWithTooFew },
    { from: "second attempt's Scoring", reach: (milestones) => secondAttempt(milestones, "scoring") },
    { from: "second attempt's Reveal", reach: (milestones) => secondAttempt(milestones, "reveal") },
    { from: "second attempt's Tally", reach: (milestones) => secondAttempt(milestones, "tally") },
    { from: "second attempt's Attestation", reach: (milestones) => secondAttempt(milestones, "attestation") },
    { from: "second attempt's Settlement", reach: (milestones) => secondAttempt(milestones, "settlement") },
  ];
  const confirmations: { from: string; reach: () => Promise<JobDriver> }[] = [
    { from: "the confirming round's Draw", reach: () => confirmingRoundInDraw(chain) },
    { from: "the confirming round's Draw, too few enlisted", reach: confirmingWithTooFew },
    { from: "the confirming round's Scoring", reach: () => confirming("scoring") },
    { from: "the confirming round's Reveal", reach: () => confirming("reveal") },
    { from: "the confirming round's Tally", reach: () => confirming("tally") },
    { from: "the confirming round's Tally, nobody agrees", reach: confirmingWithoutAgreement },
    { from: "the confirming round's second Draw", reach: confirmingSecondDraw },
    { from: "the confirming round's second attempt", reach: confirmingSecondAttempt },
    { from: "a confirming round in the middle of the job", reach: confirmingInTheMiddle },
  ];

  for (const { from, reach } of silences) {
    for (const milestones of [false, true]) {
      it(`ends with everyone paid out: ${from} (${milestones ? "price list" : "budget a round"})`, async () => {
        await expectExit(await reach(milestones));
      });
    }
  }
  for (const { from, reach } of confirmations) {
    it(`ends with everyone paid out: ${from}`, async () => {
      await expectExit(await reach());
    });
  }

  it("gives the initiator everything back where nobody came", async () => {
    const job = await fundedJob(chain);
    await expectExit(job);
    expect(await job.world.token.balanceOf(job.world.initiator)).to.equal(WEALTH);
  });

  it("burns bond and locks of the silent, and nothing else", async () => {
    const job = await roundInTraining(chain);
    await job.commit(at(job.world.trainers, 0), "kept");
    await job.commit(at(job.world.trainers, 1), "hidden");
    await job.passTraining();
    await job.reveal(at(job.world.trainers, 0));
    await job.passDisclosure();
    await job.draw();
    for (const seat of [0, 1, 2]) await job.commitScores(seat, [100]);
    await job.passScoring();
    for (const seat of [0, 1, 2]) await job.revealScores(seat);
    await strangerCloses(job);
    await everyoneExits(job.world, [job]);

    const { market, registry } = job.world;
    expect(await market.burned(job.terms.token)).to.equal(job.terms.bond);
    expect(await registry.burned(job.terms.token)).to.equal(2n * job.terms.seatLock);
    await expectDrained(job.world, job.terms.token);
  });

  it("refunds what is left after the second failure, and pays the revealers of both attempts", async () => {
    const job = await secondAttempt(false, "attestation");
    await strangerCloses(job);
    const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
    const second = (await job.world.market.validatorsPayOf(job.id, 1, 2)).quality;
    expect(second).to.equal(5n * (budget / 10n));
    expect((await job.facts()).outcome).to.equal(OUTCOME.failed);
    expect(await job.world.market.withdrawable(job.terms.token, job.world.initiator)).to.equal(
      job.terms.reward - second,
    );
    await everyoneExits(job.world, [job]);
    await expectDrained(job.world, job.terms.token);
  });

  async function cancelledWhileWaiting(milestones: boolean): Promise<JobDriver> {
    const job = await waitingAfterRound(milestones);
    await job.world.lifecycle.connect(job.world.initiator).cancelJob(job.id);
    return job;
  }

  /** Too few validators are enlisted for a second round. */
  async function waitingAfterRound(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones, enlisted: 6, terms: { minValidators: 6 } });
    const release = milestones ? PUBLIC_RELEASE : PRIVATE_RELEASE;
    await job.judge({ honest: honestSeat([100, 200, 300], release), seats: { 0: SILENT_SEAT } });
    await job.settle(release);
    expect(await job.world.committees.enlistedCount(job.id)).to.equal(5n);
    expect(await job.phase()).to.equal("waiting");
    return job;
  }

  async function waitingAfterEmptyRound(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDisclosure(chain, { milestones });
    await job.passDisclosure();
    expect(await job.phase()).to.equal("waiting");
    return job;
  }

  async function trainingWithOne(milestones: boolean): Promise<JobDriver> {
    const job = await roundInTraining(chain, { milestones });
    await job.commit(at(job.world.trainers, 0), "an update");
    return job;
  }

  async function cancelledInTraining(milestones: boolean): Promise<JobDriver> {
    const job = await trainingWithOne(milestones);
    await job.world.lifecycle.connect(job.world.initiator).cancelJob(job.id);
    return job;
  }

  async function disclosureWithOne(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDisclosure(chain, { milestones });
    await job.reveal(at(job.world.trainers, 1));
    return job;
  }

  async function disclosureWithLeaver(milestones: boolean): Promise<JobDriver> {
    const job = await disclosureWithOne(milestones);
    await job.world.market.connect(at(job.world.trainers, 1)).leaveJob(job.id);
    return job;
  }

  async function drawWithTooFew(milestones: boolean): Promise<JobDriver> {
    const job = await roundInTraining(chain, { milestones });
    for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
    await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
    expect(await job.calls.drawable()).to.equal(2n);
    return job;
  }

  async function drawWithLateComers(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones });
    await job.enlist(...job.world.validators.slice(5, 8));
    return job;
  }

  async function drawLongDue(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones });
    await chain.helpers.mine(300);
    return job;
  }

  async function scoringWith(milestones: boolean, seats: number): Promise<JobDriver> {
    const job = await roundInScoring(chain, { milestones });
    for (let seat = 0; seat < seats; seat++) await job.commitScores(seat, [100, 200, 300]);
    return job;
  }

  async function revealWith(milestones: boolean, seats: number): Promise<JobDriver> {
    const job = await roundInReveal(chain, { milestones });
    for (let seat = 0; seat < seats; seat++) await job.revealScores(seat);
    return job;
  }

  async function tallyHalfDone(milestones: boolean): Promise<JobDriver> {
    const job = await roundInTally(chain, { milestones });
    await job.tally(1);
    return job;
  }

  async function tallyWithoutAgreement(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones });
    const all = (score: number) => honestSeat([score, score, score], PRIVATE_RELEASE);
    const seats = { 0: SILENT_SEAT, 1: all(UNAVAILABLE), 2: all(UNAVAILABLE), 3: all(9_000) };
    await job.score({ honest: all(0), seats });
    return job;
  }

  async function tallyAllVoid(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones });
    await job.score({ honest: honestSeat([-32_768, -32_767, -32_768], PRIVATE_RELEASE) });
    return job;
  }

  async function attestationWith(milestones: boolean, models: readonly string[]): Promise<JobDriver> {
    const job = await roundInAttestation(chain, { milestones });
    for (const [seat, model] of models.entries()) {
      await job.attest(seat, { digest: digestOf(model), baseScore: 0, score: 0 });
    }
    return job;
  }

  async function secondDrawWithTooFew(milestones: boolean): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones, enlisted: 3 });
    await job.score({ honest: honestSeat([100, 200, 300], undefined), seats: { 0: SILENT_SEAT } });
    await job.tally();
    expect(await job.phase()).to.equal("draw");
    expect(await job.world.committees.enlistedCount(job.id)).to.equal(2n);
    return job;
  }

  async function secondAttempt(milestones: boolean, phase: Reached): Promise<JobDriver> {
    return advance(await secondAttemptInDraw(chain, { milestones }), phase, [100, 200, 300]);
  }

  async function confirming(phase: Reached): Promise<JobDriver> {
    return advance(await confirmingRoundInDraw(chain), phase, [5_000]);
  }

  async function confirmingWithTooFew(): Promise<JobDriver> {
    const job = await secondRoundInTraining(chain, { milestones: true });
    for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
    await job.cancel();
    await job.passTraining();
    await job.close();
    expect((await job.facts()).confirming).to.equal(true);
    return job;
  }

  async function confirmingWithoutAgreement(): Promise<JobDriver> {
    const job = await confirmingRoundInDraw(chain);
    const [low, high] = [honestSeat([1_000], undefined), honestSeat([9_000], undefined)];
    await job.score({ honest: honestSeat([5_000], undefined), seats: { 0: low, 1: high, 2: SILENT_SEAT } });
    return job;
  }

  async function confirmingSecondDraw(): Promise<JobDriver> {
    const job = await confirmingWithoutAgreement();
    await job.tally();
    expect(await job.attempt()).to.equal(2n);
    return job;
  }

  async function confirmingSecondAttempt(): Promise<JobDriver> {
    const job = await confirmingSecondDraw();
    await job.score({ honest: honestSeat([5_000], undefined), seats: { 0: SILENT_SEAT } });
    return job;
  }

  /** A member has left, no further round opens, and the release has waited for as long as a round lasts. */
  async function confirmingInTheMiddle(): Promise<JobDriver> {
    const job = await roundInDisclosure(chain, { milestones: true, terms: { rounds: 5, minTrainers: 3 } });
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await job.leave(at(job.world.trainers, 2));
    await job.judge({ honest: honestSeat([100, 200, 300], PUBLIC_RELEASE) });
    await job.settle(PUBLIC_RELEASE);
    expect(await job.phase()).to.equal("waiting");
    await job.passTo((await job.now()) + Number(await job.calls.grace()));
    await job.open();
    expect((await job.facts()).confirming).to.equal(true);
    return job;
  }
});

type Reached = "scoring" | "reveal" | "tally" | "attestation" | "settlement";

/** Brings a job from Draw to `phase` with honest seats; in Settlement a majority has attested a model. */
async function advance(job: JobDriver, phase: Reached, scores: readonly number[]): Promise<JobDriver> {
  const seats = [0, 1, 2, 3, 4];
  await job.draw();
  if (phase === "scoring") return job;
  for (const seat of seats) await job.commitScores(seat, scores);
  if (phase === "reveal") return job;
  for (const seat of seats) await job.revealScores(seat);
  if (phase === "tally") return job;
  await job.tally();
  if (phase === "attestation") return job;
  for (const seat of seats) await job.attest(seat, PRIVATE_RELEASE);
  expect(await job.phase()).to.equal("settlement");
  return job;
}
