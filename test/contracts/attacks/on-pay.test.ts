import { expect } from "chai";
import { AbiCoder } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { UNAVAILABLE, type Release, digestOf } from "../../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  confirmingRoundInDraw,
  fundedJob,
  honestSeat,
  roundInDraw,
  roundInTraining,
  secondRoundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";
import { WEALTH } from "../../helpers/contracts/world.ts";

const LARGEST = 1n << 111n;

// Each test is named after an attack and its result. "Residual" marks harm that the design accepts.
describe("Attacks on a job's money", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("a captured committee on a price list", () => {
    it("attesting more than it released: earns what the next committee finds, no more", async () => {
      const job = await firstRound({ digest: digestOf("model 1"), baseScore: 1_000, score: 10_000 });
      await round(job, 1, { digest: digestOf("model 2"), baseScore: 3_000, score: 3_000 });
      expect((await job.job()).best).to.equal(3_000n);
      // Half way from 1,000 to 5,000, where 60 % are earned.
      expect((await job.trainersPay(1n)).earned).to.equal((trainersPart(job) * 3_000n) / 10_000n);
    });

    // Residual: progress of the previous round is paid to the round that this committee judges.
    it("attesting less than it found: moves the pay of the round before to its own, within the price list", async () => {
      const job = await firstRound({ digest: digestOf("model 1"), baseScore: 1_000, score: 5_000 });
      await round(job, 1, { digest: digestOf("model 2"), baseScore: 0, score: 5_000 });
      expect((await job.trainersPay(1n)).earned).to.equal(0n);
      await round(job, 2, { digest: digestOf("model 3"), baseScore: 5_000, score: 5_000 });
      expect((await job.trainersPay(2n)).earned).to.equal((trainersPart(job) * 6_000n) / 10_000n);
      expect((await job.trainersPay(3n)).earned).to.equal(0n);
    });

    it("worsening and repairing: what was paid once is not paid again", async () => {
      const job = await firstRound(PUBLIC_RELEASE);
      await round(job, 1, { digest: digestOf("model 2"), baseScore: 5_000, score: 2_000 });
      await round(job, 2, { digest: digestOf("model 3"), baseScore: 2_000, score: 5_000 });
      await round(job, 0, { digest: digestOf("model 4"), baseScore: 5_000, score: 5_000 });
      const earned = await Promise.all([1n, 2n, 3n, 4n].map(async (n) => (await job.trainersPay(n)).earned));
      expect(earned).to.deep.equal([(trainersPart(job) * 6_000n) / 10_000n, 0n, 0n, 0n]);
    });
  });

  describe("the confirming round", () => {
    it("without a number that most seats give, twice: closes the job, and pays the release as attested", async () => {
      const job = await confirmingRoundInDraw(chain);
      const [low, high] = [honestSeat([1_000], undefined), honestSeat([9_000], undefined)];
      for (let attempt = 0; attempt < 2; attempt++) {
        const seats = { 0: low, 1: high, 2: honestSeat([UNAVAILABLE], undefined) };
        await job.score({ honest: honestSeat([5_000], undefined), seats });
        await job.tally();
      }
      expect(await job.phase()).to.equal("closed");
      expect((await job.trainersPay(1n)).earned).to.equal((trainersPart(job) * 6_000n) / 10_000n);
      expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
    });

    it("with a minority that says something else or nothing: pays all the same, and the minority nothing", async () => {
      const job = await confirmingRoundInDraw(chain);
      const plan = {
        honest: honestSeat([5_000], undefined),
        seats: { 0: honestSeat([1_000], undefined), 1: SILENT_SEAT },
      };
      await job.score(plan);
      const holders = await job.holders();
      await job.tally();
      expect((await job.trainersPay(1n)).earned).to.equal((trainersPart(job) * 6_000n) / 10_000n);
      const { quality, attestation } = await job.world.market.validatorsPayOf(job.id, 2, 1);
      const [validators, amounts] = await job.world.panel.sharesOf(job.id, 2, 1, quality, attestation);
      expect(validators).to.deep.equal(holders.map(({ address }) => address));
      expect(amounts.map((amount) => amount > 0n)).to.deep.equal([false, false, true, true, true]);
    });

    it("whose validators have left: ends once it has waited as long as a round lasts, paid as attested", async () => {
      const job = await secondRoundInTraining(chain, { milestones: true });
      const { lifecycle } = job.world;
      for (const validator of job.world.validators.slice(0, 3)) await job.delist(validator);
      await job.cancel();
      await job.passTraining();
      await job.close();
      expect((await job.facts()).confirming).to.equal(true);
      await expect(job.draw()).to.be.revertedWithCustomError(job.world.committees, "Committees_TooFewEnlisted");
      const due = (await job.facts()).trainingStart + (await job.calls.grace());
      await chain.helpers.time.increaseTo(due - 2n);
      await chain.helpers.time.setNextBlockTimestamp(due - 1n);
      await expect(lifecycle.closeJob(job.id)).to.be.revertedWithCustomError(lifecycle, "JobLifecycle_NotOver");
      await job.passTo(due);
      await lifecycle.closeJob(job.id);
      expect(await job.phase()).to.equal("closed");
      expect((await job.trainersPay(1n)).earned).to.equal((trainersPart(job) * 6_000n) / 10_000n);
    });
  });

  it("crediting others, twice, nobody, or out of range: changes no payee's part", async () => {
    const job = await secondRoundInTraining(chain);
    const { market, stranger } = job.world;
    const thief = market.connect(stranger);
    await thief.creditTrainers(job.id, 1, 0);
    await thief.creditTrainers(job.id, 1, 1n << 63n);
    for (let twice = 0; twice < 2; twice++) await thief.creditTrainers(job.id, 1, (1n << 64n) - 1n);
    await thief.creditValidators(job.id, 1, 1, 0);
    for (let twice = 0; twice < 2; twice++) await thief.creditValidators(job.id, 1, 1, (1n << 32n) - 1n);
    expect(await market.withdrawable(job.terms.token, stranger)).to.equal(0n);
    const { earned } = await job.trainersPay(1n);
    const claims = await Promise.all(
      job.world.trainers.map((trainer) => market.withdrawable(job.terms.token, trainer)),
    );
    expect(claims.reduce((sum, claim) => sum + claim)).to.equal(earned);
    await expect(thief.withdraw(job.terms.token, stranger.address)).to.be.revertedWithCustomError(
      market,
      "Ledger_NothingToWithdraw",
    );
    for (const attempt of [0, 3]) {
      await expect(thief.creditValidators(job.id, 1, attempt, 1)).to.be.revertedWithCustomError(
        market,
        "TrainingMarket_NothingEarned",
      );
    }
  });

  it("withdrawing to the market itself: refused, and the claim stands", async () => {
    const { world, id, terms } = await fundedJob(chain);
    await world.lifecycle.cancelJob(id);
    await expect(world.market.withdraw(terms.token, await world.market.getAddress())).to.be.revertedWithCustomError(
      world.market,
      "Ledger_InexactTransfer",
    );
    expect(await world.market.withdrawable(terms.token, world.initiator)).to.equal(terms.reward);
  });

  it("jobs of dust: run, pay nothing, and give the dust back", async () => {
    const job = await roundInDraw(chain, { terms: { reward: 1n, bond: 1n, seatLock: 1n, rounds: 1 } });
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    await everyoneExits(job.world, [job]);
    await expectDrained(job.world, job.terms.token);
    // The validators' part rounds down to 0; the single unit goes to the trainers.
    const paid = await Promise.all(job.world.trainers.map((trainer) => job.world.token.balanceOf(trainer)));
    expect(paid.reduce((sum, balance) => sum + balance - WEALTH, 0n)).to.equal(1n);
  });

  it("jobs of the largest amounts: pay exactly", async () => {
    const { world, terms } = await fundedJob(chain, { terms: { reward: 1n, rounds: 1 } });
    await world.lifecycle.cancelJob(1n);
    for (const user of world.everyone) await world.token.mint(user.address, 2n * LARGEST);
    const job = await JobDriver.post(world, { ...terms, reward: LARGEST, bond: LARGEST, seatLock: LARGEST });
    await job.join(...world.trainers.slice(0, 3));
    await job.enlist(...world.validators.slice(0, 3));
    await job.open();
    const updates = await job.ownUpdates(...world.trainers.slice(0, 3));
    await job.play({ updates, honest: honestSeat([32_766, 1, 32_766], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    await everyoneExits(world, [job]);
    await expectDrained(world, terms.token);
    const balances = await Promise.all(world.everyone.map((user) => world.token.balanceOf(user)));
    const all = BigInt(world.everyone.length) * (WEALTH + 2n * LARGEST);
    expect(balances.reduce((sum, balance) => sum + balance)).to.equal(all);
  });

  it("parameters out of their type's range: rejected by the ABI decoder", async () => {
    const { world, terms } = await fundedJob(chain);
    const posting = world.market.interface.encodeFunctionData("postJob", [terms, NO_PERMIT]);
    const word = (value: number) => AbiCoder.defaultAbiCoder().encode(["uint256"], [value]).slice(2);
    // Holdout, scoring and pay rule are adjacent ABI words.
    const three = word(terms.holdout) + word(terms.scoring) + word(terms.payRule);
    expect(posting.split(three).length).to.equal(2);
    for (const wrong of [word(4) + word(1) + word(1), word(1) + word(3) + word(1), word(1) + word(1) + word(3)]) {
      const data = posting.replace(three, wrong);
      await expect(
        world.initiator.sendTransaction({ to: await world.market.getAddress(), data, gasLimit: 3_000_000 }),
      ).to.be.revert(chain.ethers);
    }
    expect(await world.book.jobCount()).to.equal(1n);
  });

  // Residual: the contracts allow phases of one second; trainers can see that in the terms before they join.
  it("phases too short to act in: get work without pay, so trainers should not join such a job", async () => {
    const job = await roundInDraw(chain, { terms: { settlementPeriod: 1, rounds: 1 } });
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.passSettlement();
    await expect(job.settle(PRIVATE_RELEASE)).to.be.revertedWithCustomError(
      job.world.panel,
      "ScoringPanel_SettlementTime",
    );
  });

  it("acting in two jobs at once: one job's money never pays for another", async () => {
    const first = await staffedJob(chain);
    const second = await JobDriver.post(first.world, first.terms);
    await second.join(...first.world.trainers.slice(0, 3));
    await first.world.lifecycle.cancelJob(first.id);
    await everyoneExits(first.world, [first]);
    const { market } = first.world;
    expect(await market.liabilities(first.terms.token)).to.equal(second.terms.reward + 3n * second.terms.bond);
    await second.world.lifecycle.cancelJob(second.id);
    await everyoneExits(second.world, [second]);
    await expectDrained(second.world, second.terms.token);
  });

  /** The first of four rounds, by the first trainer. */
  async function firstRound(release: Release): Promise<JobDriver> {
    const job = await roundInTraining(chain, { milestones: true, terms: { rounds: 4 } });
    await round(job, 0, release);
    return job;
  }

  /** A round to which one trainer contributes. */
  async function round(job: JobDriver, trainer: number, release: Release): Promise<void> {
    const updates = await job.ownUpdates(at(job.world.trainers, trainer));
    await job.play({ updates, honest: honestSeat([100], release) });
    await job.settle(release);
  }

  function trainersPart({ terms }: JobDriver): bigint {
    return terms.reward - (terms.reward * 1_500n) / 10_000n;
  }
});
