import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { UNAVAILABLE } from "../../helpers/contracts/commitments.ts";
import { PRIVATE_RELEASE, honestSeat, roundInDraw, roundInTraining } from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { type JobTerms, PAY_RULE } from "../../helpers/contracts/job-params.ts";

describe("What an update weighs in its round's pay", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("by gain, is its score above the noise floor", async () => {
    const job = await settled([10, 30, 60], { payRule: PAY_RULE.byGain, noiseFloor: 10 });
    const { earned } = await job.trainersPay(1n);
    expect(await paid(job)).to.deep.equal([0n, (earned * 20n) / 70n, earned - (earned * 20n) / 70n]);
  });

  it("in equal parts, is the same for all that count, whatever they gained", async () => {
    const job = await settled([1, 20, 9_000], { payRule: PAY_RULE.equal });
    const { earned } = await job.trainersPay(1n);
    expect(await paid(job)).to.deep.equal([earned / 3n, (2n * earned) / 3n - earned / 3n, earned - (2n * earned) / 3n]);
  });

  for (const payRule of [PAY_RULE.byGain, PAY_RULE.equal]) {
    const name = payRule === PAY_RULE.equal ? "in equal parts" : "by gain";
    it(`is nothing below acceptance, and counts from there (${name})`, async () => {
      const job = await settled([49, 50, 51], { payRule, acceptance: 50 });
      const amounts = await paid(job);
      expect(amounts.map((amount) => amount > 0n)).to.deep.equal([false, true, true]);
      expect((await job.result(1n)).totalWeight).to.equal(payRule === PAY_RULE.equal ? 2n : 101n);
    });

    it(`is nothing up to the noise floor, nor for what is void (${name})`, async () => {
      const job = await settled([7, 8, UNAVAILABLE], { payRule, noiseFloor: 7 });
      expect((await paid(job)).map((amount) => amount > 0n)).to.deep.equal([false, true, false]);
      expect((await job.result(1n)).totalWeight).to.equal(1n);
    });
  }

  it("is nothing for a loss, even where scores below zero are accepted", async () => {
    const job = await settled([-5, 0, 5], { acceptance: -32_768 });
    expect((await paid(job)).map((amount) => amount > 0n)).to.deep.equal([false, false, true]);
  });

  it("is nothing for anyone where nobody is accepted, and the budget goes back in the end", async () => {
    const job = await settled([30_000, 31_000, 32_000], { acceptance: 32_767, rounds: 1 });
    expect((await job.trainersPay(1n)).earned).to.equal(0n);
    expect(await job.phase()).to.equal("closed");
    const validators = (job.terms.reward * 1_500n) / 10_000n;
    expect(await job.world.market.withdrawable(job.terms.token, job.world.initiator)).to.equal(
      job.terms.reward - validators,
    );
  });

  it("is nothing for a copy, in equal parts, too", async () => {
    const job = await roundInTraining(chain, { terms: { payRule: PAY_RULE.equal } });
    const [first, copycat, other] = job.world.trainers;
    if (!first || !copycat || !other) throw new Error("too few trainers");
    await job.train([
      { trainer: first, content: "the work" },
      { trainer: copycat, content: "the work" },
      { trainer: other, content: "other work" },
    ]);
    await settledIn(job, [5, 5, 5]);
    const { earned } = await job.trainersPay(1n);
    expect(await paid(job)).to.deep.equal([earned / 2n, 0n, earned - earned / 2n]);
  });

  async function settled(scores: readonly number[], terms: Partial<JobTerms>): Promise<JobDriver> {
    return settledIn(await roundInDraw(chain, { terms }), scores);
  }

  async function settledIn(job: JobDriver, scores: readonly number[]): Promise<JobDriver> {
    await job.judge({ honest: honestSeat(scores, PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    return job;
  }

  async function paid(job: JobDriver): Promise<bigint[]> {
    const { market } = job.world;
    if ((await job.trainersPay(1n)).earned > 0n) await market.creditTrainers(job.id, 1, 0xff);
    return Promise.all(job.world.trainers.slice(0, 3).map((trainer) => market.withdrawable(job.terms.token, trainer)));
  }
});
