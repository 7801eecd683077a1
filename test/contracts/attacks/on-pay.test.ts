import { expect } from "chai";
import { AbiCoder } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { type Release, digestOf } from "../../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
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

const LARGEST = 1n << 120n;

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
    // Residual: a party that withholds a majority of attestations twice in a row prevents pay for the last progress.
    it("without a majority of attestations, twice: closes the job, and the last round's progress is not paid", async () => {
      const job = await confirmingRoundInDraw(chain);
      for (let attempt = 0; attempt < 2; attempt++) {
        const silent = { scores: [], attests: undefined };
        await job.judge({ honest: honestSeat([], PUBLIC_RELEASE), seats: { 0: silent, 1: silent, 2: silent } });
        await expect(job.settle(PUBLIC_RELEASE)).to.be.revertedWithCustomError(
          job.world.panel,
          "ScoringPanel_NoMajority",
        );
        await job.passSettlement();
        await job.failAttempt();
      }
      expect(await job.phase()).to.equal("closed");
      expect((await job.trainersPay(1n)).earned).to.equal(0n);
      expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
    });

    it("with a minority that does not attest: pays all the same", async () => {
      const job = await confirmingRoundInDraw(chain);
      const silent = { scores: [], attests: undefined };
      const confirmed = { ...PUBLIC_RELEASE, baseScore: 5_000 };
      await job.judge({ honest: honestSeat([], confirmed), seats: { 0: silent, 1: silent } });
      await job.settle(confirmed);
      expect((await job.trainersPay(1n)).earned).to.equal((trainersPart(job) * 6_000n) / 10_000n);
    });

    // Residual: as in any round whose validators leave before the draw is armed.
    it("whose validators leave before anyone arms the draw: ends unpaid once the deadline has passed", async () => {
      const job = await confirmingRoundInDraw(chain);
      for (const validator of job.world.validators.slice(0, 3))
        await job.world.committees.connect(validator).delist(job.id);
      await expect(job.world.lifecycle.closeJob(job.id)).to.be.revertedWithCustomError(
        job.world.lifecycle,
        "JobLifecycle_NotOver",
      );
      await job.passDeadline();
      await job.world.lifecycle.closeJob(job.id);
      expect((await job.trainersPay(1n)).earned).to.equal(0n);
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
