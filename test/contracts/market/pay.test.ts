import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf } from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  roundInTraining,
  confirmingRoundInDraw,
  honestSeat,
  roundInDraw,
  roundInSettlement,
  secondRoundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import type { SeatPlan } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT } from "../../helpers/contracts/job-params.ts";
import { WEALTH } from "../../helpers/contracts/world.ts";

describe("What a job pays", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("reverts where nothing was earned, or not yet", async () => {
    const job = await secondRoundInTraining(chain, { milestones: true });
    for (const crediting of [
      job.world.market.creditTrainers(job.id, 1, 1),
      job.world.market.creditTrainers(job.id, 2, 1),
      job.world.market.creditTrainers(99, 1, 1),
    ]) {
      await expect(crediting).to.be.revertedWithCustomError(job.world.market, "TrainingMarket_NothingEarned");
    }
    await expect(job.world.market.creditValidators(job.id, 1, 2, 1))
      .to.be.revertedWithCustomError(job.world.market, "TrainingMarket_NothingEarned")
      .withArgs(job.id, 1);
  });
  it("sums to the budget exactly, in any order, each part once", async () => {
    const job = await roundInDraw(chain, { joined: 5, terms: { noiseFloor: 7 } });
    await job.judge({ honest: honestSeat([10, 7, 11, 20, -5], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    const { market, trainers } = job.world;
    const { totalWeight } = await job.result(1n);
    const { earned } = await job.trainersPay(1n);
    expect(totalWeight).to.equal(3n + 4n + 13n);
    await expect(market.creditTrainers(job.id, 1, 0b01000)).to.emit(market, "UpdatePaid");
    await market.creditTrainers(job.id, 1, 0b01001);
    const last = market.creditTrainers(job.id, 1, 0b11111);
    await expect(last)
      .to.emit(market, "UpdatePaid")
      .withArgs(job.id, 1, at(trainers, 2).address, 2, (earned * 7n) / 20n - (earned * 3n) / 20n);
    await expect(market.creditTrainers(job.id, 1, 0b11111)).not.to.emit(market, "UpdatePaid");
    const paid = await Promise.all(trainers.map((trainer) => market.withdrawable(job.terms.token, trainer.address)));
    expect(paid.reduce((a, b) => a + b)).to.equal(earned);
    expect(paid.slice(0, 5)).to.deep.equal([
      (earned * 3n) / 20n,
      0n,
      (earned * 7n) / 20n - (earned * 3n) / 20n,
      earned - (earned * 7n) / 20n,
      0n,
    ]);
  });
  it("keeps a round's budget where nothing weighs anything, and releases the model", async () => {
    const job = await roundInDraw(chain);
    await job.judge({ honest: honestSeat([0, -1, -32_768], PRIVATE_RELEASE) });
    await expect(job.settle(PRIVATE_RELEASE))
      .to.emit(job.world.lifecycle, "ModelReleased")
      .withArgs(job.id, 1, 1, PRIVATE_RELEASE.digest, 0, 0);
    expect((await job.trainersPay(1n)).earned).to.equal(0n);
  });
  it("pays seats for agreement and for attesting the winner, in any order, each once", async () => {
    const job = await roundInDraw(chain);
    const other = { ...PRIVATE_RELEASE, digest: digestOf("another model") };
    await job.judge({
      honest: honestSeat([100, 100, 100], PRIVATE_RELEASE),
      seats: { 0: honestSeat([105, 100, 100], other), 1: SILENT_SEAT },
    });
    const holders = await job.holders();
    await job.settle(PRIVATE_RELEASE);
    const { market } = job.world;
    const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
    const pay = await market.validatorsPayOf(job.id, 1, 1);
    expect([pay.quality, pay.attestation]).to.deep.equal([budget - budget / 4n, budget / 4n]);
    // The band is 10; seat 0 is off by half of it in one of three scores.
    const [weights, total] = [[25_000n, 0n, 30_000n, 30_000n, 30_000n], 115_000n];
    await expect(market.creditValidators(job.id, 1, 1, 0b00001))
      .to.emit(market, "SeatPaid")
      .withArgs(job.id, 1, at(holders, 0).address, 1, 0, (pay.quality * at(weights, 0)) / total);
    await market.creditValidators(job.id, 1, 1, 0b11111);
    await expect(market.creditValidators(job.id, 1, 1, 0b11111)).not.to.emit(market, "SeatPaid");
    const paid = await Promise.all(holders.map((holder) => market.withdrawable(job.terms.token, holder.address)));
    expect(paid.reduce((a, b) => a + b)).to.equal(pay.quality + pay.attestation);
    expect(paid[1]).to.equal(0n);
  });
  it("pays the second attempt out of what the first one's revealers left", async () => {
    const job = await roundInDraw(chain);
    await job.score({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: SILENT_SEAT } });
    await job.tally();
    await job.passAttestation();
    await job.passSettlement();
    await expect(job.failAttempt()).to.emit(job.world.market, "ValidatorsEarned");
    const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
    const first = 4n * (budget / 10n);
    expect((await job.world.market.validatorsPayOf(job.id, 1, 1)).quality).to.equal(first);
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    const second = await job.world.market.validatorsPayOf(job.id, 1, 2);
    expect(second.quality + second.attestation).to.equal(budget - first);
    expect((await job.result(1n)).attempt).to.equal(2n);
  });
  it("pays nothing for quality where every seat in band is at the band's edge, and gives its part back", async () => {
    // Each median is from a seat that is far off in the other two scores; the other seats are off by the whole band.
    const [far, edge] = [9_000, 10];
    const job = await roundInDraw(chain, {
      enlisted: 7,
      terms: { committeeSize: 7, tolerance: edge, maxTolerance: edge, rounds: 1 },
    });
    const scores = [
      [0, far, -far],
      [-far, 0, far],
      [far, -far, 0],
      ...[-edge, -edge, edge, edge].map((score) => [score, score, score]),
    ];
    const seats = Object.fromEntries(scores.map((vector, seat) => [seat, honestSeat(vector, PRIVATE_RELEASE)]));
    await job.judge({ honest: SILENT_SEAT, seats });
    expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([0n, 0n, 0n]);
    await job.settle(PRIVATE_RELEASE);
    const budget = (job.terms.reward * 1_500n) / 10_000n;
    const pay = await job.world.market.validatorsPayOf(job.id, 1, 1);
    expect([pay.quality, pay.attestation]).to.deep.equal([0n, budget / 4n]);
    const { market, initiator } = job.world;
    expect(await market.withdrawable(job.terms.token, initiator)).to.equal(job.terms.reward - budget / 4n);
    await expect(market.creditValidators(job.id, 1, 1, 1)).to.emit(market, "SeatPaid");
  });
  it("counts no progress where a round's model is as good as the best before", async () => {
    const job = await roundInDraw(chain, { milestones: true, terms: { rounds: 4 } });
    const models = ["model 1", "model 2", "model 3"].map((name) => ({ digest: digestOf(name), score: 5_000 }));
    await job.judge({ honest: honestSeat([1, 1, 1], { ...at(models, 0), baseScore: 1_000 }) });
    await job.settle({ ...at(models, 0), baseScore: 1_000 });
    const settled = async (model: { digest: string; score: number }) => {
      const release = { ...model, baseScore: 5_000 };
      await job.play({ updates: await job.ownUpdates(at(job.world.trainers, 0)), honest: honestSeat([1], release) });
      return expect(job.settle(release));
    };
    await (await settled(at(models, 1))).to.emit(job.world.lifecycle, "ProgressConfirmed").withArgs(job.id, 1, 5_000);
    await (await settled(at(models, 2))).not.to.emit(job.world.lifecycle, "ProgressConfirmed");
  });
  it("counts the progress of a round in which one update weighed least of all", async () => {
    const job = await roundInDraw(chain, { milestones: true, terms: { rounds: 1 } });
    await job.judge({ honest: honestSeat([0, 1, 0], PUBLIC_RELEASE) });
    await job.settle(PUBLIC_RELEASE);
    expect((await job.result(1n)).totalWeight).to.equal(1n);
    await expect(job.confirm(5_000)).to.emit(job.world.lifecycle, "ProgressConfirmed").withArgs(job.id, 1, 5_000);
  });
  it("pays those who revealed in a failed attempt of a later round, in that round and attempt", async () => {
    const job = await secondRoundInTraining(chain);
    await job.train(await job.ownUpdates(at(job.world.trainers, 0)));
    await job.score({ honest: honestSeat([1], PRIVATE_RELEASE), seats: { 0: SILENT_SEAT } });
    await job.tally();
    await job.passAttestation();
    await job.passSettlement();
    const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
    await expect(job.failAttempt())
      .to.emit(job.world.market, "ValidatorsEarned")
      .withArgs(job.id, 2, 1, 4n * (budget / 10n), 0);
    expect((await job.world.market.validatorsPayOf(job.id, 2, 1)).quality).to.equal(4n * (budget / 10n));
  });
  it("tells of nothing earned by trainers of a round whose progress the price list pays nothing for", async () => {
    const job = await confirmingRoundInDraw(chain);
    const settling = job.confirm(1_000);
    await expect(settling).to.emit(job.world.lifecycle, "ProgressConfirmed").withArgs(job.id, 1, 1_000);
    await expect(settling).not.to.emit(job.world.market, "TrainersEarned");
  });
  it("counts no progress that nobody's update made", async () => {
    const job = await roundInDraw(chain, { milestones: true });
    await job.judge({ honest: honestSeat([0, -1, -2], PUBLIC_RELEASE) });
    await job.settle(PUBLIC_RELEASE);
    expect((await job.result(1n)).totalWeight).to.equal(0n);
    const next = { digest: digestOf("model 2"), baseScore: 5_000, score: 5_000 };
    await job.play({ updates: await job.ownUpdates(at(job.world.trainers, 0)), honest: honestSeat([1], next) });
    await expect(job.settle(next)).not.to.emit(job.world.lifecycle, "ProgressConfirmed");
    expect((await job.job()).best).to.equal(0n);
  });
  it("ends early once the target is confirmed", async () => {
    const job = await roundInSettlement(chain, { milestones: true, terms: { targetScore: 5_000, rounds: 5 } });
    await job.settle(PUBLIC_RELEASE);
    const next = { digest: digestOf("model 2"), baseScore: 5_000, score: 4_000 };
    await job.play({ updates: await job.ownUpdates(at(job.world.trainers, 0)), honest: honestSeat([1], next) });
    await expect(job.settle(next)).to.emit(job.world.lifecycle, "ProgressConfirmed").withArgs(job.id, 1, 5_000);
    // Round 2's model awaits confirmation; it is worse, so it earns nothing.
    expect((await job.facts()).confirming).to.equal(true);
    await expect(job.confirm(4_000)).not.to.emit(job.world.market, "TrainersEarned");
    expect(await job.phase()).to.equal("closed");
    const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
    expect((await job.trainersPay(1n)).earned).to.equal((trainers * 6_000n) / 10_000n);
  });
  it("ends early at a confirmed target without a price list, too, and pays each round its budget", async () => {
    const terms = { holdout: HOLDOUT.public, targetScore: 5_000, rounds: 5 };
    const job = await roundInSettlement(chain, { terms }, PUBLIC_RELEASE);
    await job.settle(PUBLIC_RELEASE);
    const next = { digest: digestOf("model 2"), baseScore: 6_000, score: 7_000 };
    await job.play({ updates: await job.ownUpdates(at(job.world.trainers, 0)), honest: honestSeat([1], next) });
    await job.settle(next);
    expect(await job.phase()).to.equal("closed");
    expect((await job.job()).best).to.equal(5_000n);
    const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
    expect((await job.trainersPay(1n)).earned).to.equal(trainers / 5n);
    expect((await job.trainersPay(2n)).earned).to.equal(trainers / 5n);
  });
  it("reads the price list below the score by the margin", async () => {
    const job = await roundInSettlement(chain, { milestones: true, terms: { margin: 2_000, rounds: 1 } });
    await job.settle(PUBLIC_RELEASE);
    await expect(job.confirm(9_000)).to.emit(job.world.market, "TrainersEarned");
    const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
    expect((await job.trainersPay(1n)).earned).to.equal((trainers * 3_000n) / 10_000n);
  });
  it("confirms by what most seats find, sealed until all have sealed: whoever deviates is not paid for it", async () => {
    const job = await confirmingRoundInDraw(chain);
    const other: SeatPlan = { scores: [9_999], attests: undefined };
    await expect(job.confirm(4_000, { 0: other }))
      .to.emit(job.world.lifecycle, "ProgressConfirmed")
      .withArgs(job.id, 1, 4_000);
    expect(await job.phase()).to.equal("closed");
    const { quality, attestation } = await job.world.market.validatorsPayOf(job.id, 2, 1);
    const { amounts } = await job.world.panel.sharesOf(job.id, 2, 1, quality, attestation);
    expect(at([...amounts], 0)).to.equal(0n);
    expect([...amounts].slice(1).every((amount) => amount > 0n)).to.equal(true);
  });
  it("pays a release as attested where two committees come to no accuracy", async () => {
    const job = await confirmingRoundInDraw(chain);
    for (const scores of [[-1], [-32_767]]) {
      await job.score({ honest: { scores, attests: undefined } });
      await expect(job.tally()).to.emit(job.world.panel, "AttemptFailed");
    }
    expect(await job.phase()).to.equal("closed");
    expect((await job.job()).best).to.equal(BigInt(PUBLIC_RELEASE.score));
    expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
  });
  it("opens no round after a settlement where too few are left", async () => {
    const job = await roundInTraining(chain, { enlisted: 6, terms: { minValidators: 6 } });
    const idle = at(job.world.validators, 0);
    await job.delist(idle);
    await job.play({
      updates: await job.ownUpdates(at(job.world.trainers, 0)),
      honest: honestSeat([1], PRIVATE_RELEASE),
    });
    await job.settle(PRIVATE_RELEASE);
    expect(await job.phase()).to.equal("waiting");
    await job.world.committees.connect(idle).enlist(job.id, await job.calls.termsHash());
    await job.open();
    expect(await job.round()).to.equal(2n);
  });
  it("costs the initiator what was earned and no more", async () => {
    const job = await roundInSettlement(chain, { terms: { rounds: 1 } });
    await job.settle(PRIVATE_RELEASE);
    const validators = (job.terms.reward * 1_500n) / 10_000n;
    expect(await job.world.market.withdrawable(job.terms.token, job.world.initiator.address)).to.equal(0n);
    expect(await job.world.token.balanceOf(job.world.initiator)).to.equal(WEALTH - job.terms.reward);
    expect((await job.trainersPay(1n)).earned).to.equal(job.terms.reward - validators);
  });
});
