import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { INVALID, UNAVAILABLE } from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  SILENT_SEAT,
  honestSeat,
  roundInDraw,
  roundInTraining,
  secondRoundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";

const FOUNDER = 1n << 64n;

describe("Trust of members", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("gives founders equal parts and newcomers none", async () => {
    const job = await roundInTraining(chain);
    // Founders are those that joined before the first round's Training closed, whoever opened it when.
    await job.join(at(job.world.trainers, 3));
    for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, trainer.address);
    expect(await job.phase()).to.equal("disclosure");
    await job.join(at(job.world.trainers, 4));
    const values = await trusts(job, 5);
    expect(values).to.deep.equal([FOUNDER, FOUNDER, FOUNDER, FOUNDER, 0n]);
    const [pool, none] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
    expect([pool.total, pool.members, none]).to.deep.equal([4n * FOUNDER, 5n, 0n]);
  });
  it("grows and shrinks with the consensus, as a part of the whole", async () => {
    const job = await settled([100, -5_000, -9_000]);
    const total = 3n * FOUNDER;
    expect(await trusts(job, 3)).to.deep.equal([FOUNDER + total / 100n, 0n, 0n]);
  });
  it("clamps gains to the whole", async () => {
    const job = await settled([32_000, -1, 0]);
    const total = 3n * FOUNDER;
    expect(await trusts(job, 3)).to.deep.equal([FOUNDER + total, FOUNDER - total / 10_000n, FOUNDER]);
  });
  it("takes it from the malformed, and leaves it to what nobody could fetch", async () => {
    const job = await settled([INVALID, UNAVAILABLE, 0]);
    expect(await trusts(job, 3)).to.deep.equal([0n, FOUNDER, FOUNDER]);
  });
  it("starts anew with equal parts once all is lost", async () => {
    const job = await settled([-10_000, -10_000, INVALID]);
    const [pool] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
    expect([pool.epoch, pool.total]).to.deep.equal([1n, 3n * FOUNDER]);
    expect(await trusts(job, 3)).to.deep.equal([FOUNDER, FOUNDER, FOUNDER]);
  });
  it("leaves copies as they were", async () => {
    const job = await roundInTraining(chain);
    for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, "the same");
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await job.judge({ honest: honestSeat([-1_000, -1_000, -1_000], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await trusts(job, 3)).to.deep.equal([FOUNDER - (3n * FOUNDER) / 10n, FOUNDER, FOUNDER]);
  });
  it("keeps the round's total where a member leaves in its midst, until it is settled", async () => {
    const job = await roundInDraw(chain, { joined: 3 });
    await job.join(at(job.world.trainers, 3));
    const before = await roundInTraining(chain);
    for (const trainer of before.world.trainers.slice(0, 2)) await before.commit(trainer, trainer.address);
    await before.world.market.connect(at(before.world.trainers, 2)).leaveJob(before.id);
    const [running] = await before.world.trust.trustOf(before.id, before.world.stranger.address);
    expect([running.total, running.departed]).to.deep.equal([3n * FOUNDER, FOUNDER]);
    for (const trainer of before.world.trainers.slice(0, 2)) await before.reveal(trainer);
    await before.judge({ honest: honestSeat([0, 100], PRIVATE_RELEASE) });
    await before.settle(PRIVATE_RELEASE);
    const [after] = await before.world.trust.trustOf(before.id, before.world.stranger.address);
    expect([after.total, after.departed]).to.deep.equal([2n * FOUNDER + (3n * FOUNDER) / 100n, 0n]);
  });
  it("loses at once what leaves between rounds", async () => {
    const job = await staffedJob(chain);
    await job.world.market.connect(at(job.world.trainers, 0)).leaveJob(job.id);
    const [pool] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
    expect([pool.total, pool.departed, pool.members]).to.deep.equal([2n * FOUNDER, 0n, 2n]);
  });
  it("is not kept where trainers are paid by contribution", async () => {
    const job = await secondRoundInTraining(chain, { milestones: true });
    const [pool] = await job.world.trust.trustOf(job.id, at(job.world.trainers, 0).address);
    expect([pool.total, pool.members]).to.deep.equal([0n, 0n]);
    await job.world.market.connect(at(job.world.trainers, 0)).leaveJob(job.id);
  });
  it("shrinks all values lazily once the total is too large, and keeps their proportions", async () => {
    const job = await roundInTraining(chain, { terms: { rounds: 100, deadline: (await now()) + 10_000_000 } });
    const trainers = job.world.trainers.slice(0, 3);
    let scale = 0n;
    for (let round = 0; scale === 0n; round++) {
      if (round > 60) throw new Error("the total never grew too large");
      const active = trainers.slice(0, 2);
      await job.train(await job.ownUpdates(...active));
      await job.judge({ honest: honestSeat([10_000, 10_000], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      [{ scale }] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
    }
    const [a, b, idle] = await trusts(job, 3);
    const [pool] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
    expect(a).to.equal(b);
    expect(idle).to.equal(1n);
    expect((a ?? 0n) + (b ?? 0n) + (idle ?? 0n)).to.be.within(pool.total - 3n, pool.total);
  });

  it("starts anew where all is lost after values have shrunk, whatever rounding left of the total", async () => {
    const job = await roundInTraining(chain, { terms: { rounds: 100, deadline: (await now()) + 10_000_000 } });
    const trainers = job.world.trainers.slice(0, 3);
    for (
      let scale = 0n;
      scale === 0n;
      [{ scale }] = await job.world.trust.trustOf(job.id, job.world.stranger.address)
    ) {
      await job.train(await job.ownUpdates(...trainers));
      await job.judge({ honest: honestSeat([9_999, 7_777, 3_333], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
    }
    await job.train(await job.ownUpdates(...trainers));
    await job.judge({ honest: honestSeat([-10_000, -10_000, -10_000], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await trusts(job, 3)).to.deep.equal([FOUNDER, FOUNDER, FOUNDER]);
  });

  it("counts what is left below 2^32 as lost, and no more than that", async () => {
    const job = await roundInTraining(chain, { joined: 1, terms: { rounds: 5, minTrainers: 1 } });
    const trainer = at(job.world.trainers, 0);
    const values: bigint[] = [];
    for (let round = 0; round < 3; round++) {
      await job.train(await job.ownUpdates(trainer));
      await job.judge({ honest: honestSeat([-9_999], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      values.push(...(await trusts(job, 1)));
    }
    const [first = 0n, second = 0n] = values;
    expect(first).to.equal(FOUNDER - (FOUNDER * 9_999n) / 10_000n);
    expect(second).to.equal(first - (first * 9_999n) / 10_000n);
    expect(second).to.be.greaterThan(2n ** 32n);
    // The third round leaves a ten-thousandth of it, which is below 2^32 and counts as lost.
    const [pool] = await job.world.trust.trustOf(job.id, trainer.address);
    expect([values[2], pool.epoch, pool.total]).to.deep.equal([FOUNDER, 1n, FOUNDER]);
  });

  it("forgets who left in a round that ends without updates", async () => {
    const job = await roundInTraining(chain);
    await job.world.market.connect(at(job.world.trainers, 2)).leaveJob(job.id);
    await job.passTraining();
    await job.open();
    expect(await pools(job)).to.deep.equal([2n * FOUNDER, 0n, 2n]);
  });

  it("forgets who left in a round that fails", async () => {
    const job = await roundInTraining(chain);
    for (const trainer of job.world.trainers.slice(0, 2)) await job.commit(trainer, trainer.address);
    await job.world.market.connect(at(job.world.trainers, 2)).leaveJob(job.id);
    for (const trainer of job.world.trainers.slice(0, 2)) await job.reveal(trainer);
    expect(await pools(job)).to.deep.equal([3n * FOUNDER, FOUNDER, 2n]);
    for (const attempt of [1, 2]) {
      await job.score({ honest: SILENT_SEAT });
      await job.tally();
      expect(await job.attempt()).to.equal(2n, `after attempt ${attempt}`);
    }
    expect(await job.phase()).to.equal("closed");
    expect(await pools(job)).to.deep.equal([2n * FOUNDER, 0n, 2n]);
  });

  it("burns with a forfeited membership, and returns as nothing", async () => {
    const job = await roundInTraining(chain);
    const [liar, other] = job.world.trainers;
    if (!liar || !other) throw new Error("too few trainers");
    await job.commit(liar, "never disclosed");
    await job.commit(other, "disclosed");
    await job.passTraining();
    await job.reveal(other);
    await job.passDisclosure();
    await job.world.market.releaseBond(job.id, liar.address);
    await job.join(liar);
    await job.judge({ honest: honestSeat([0], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await pools(job)).to.deep.equal([2n * FOUNDER, 0n, 3n]);
    expect(await trusts(job, 2)).to.deep.equal([0n, FOUNDER]);
  });

  // Residual: after such a round, whoever controls the most members controls a merge by trust.
  it("is divided equally among all members once all is lost, also among those that joined to wait for that", async () => {
    const job = await roundInTraining(chain);
    const crowd = job.world.trainers.slice(3, 6);
    await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
    await job.join(...crowd);
    await job.judge({ honest: honestSeat([-10_000, -10_000, -10_000], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await trusts(job, 6)).to.deep.equal(Array(6).fill(FOUNDER));
    expect(await pools(job)).to.deep.equal([6n * FOUNDER, 0n, 6n]);
  });

  async function now(): Promise<number> {
    return chain.helpers.time.latest();
  }

  async function settled(consensus: readonly number[]): Promise<JobDriver> {
    const job = await roundInDraw(chain);
    await job.judge({ honest: honestSeat(consensus, PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    return job;
  }

  /** Total, departed, members. */
  async function pools(job: JobDriver): Promise<bigint[]> {
    const [{ total, departed, members }] = await job.world.trust.trustOf(job.id, job.world.stranger.address);
    return [total, departed, members];
  }

  async function trusts(job: JobDriver, count: number): Promise<bigint[]> {
    const read = job.world.trainers.slice(0, count).map((trainer) => job.world.trust.trustOf(job.id, trainer.address));
    return (await Promise.all(read)).map(([, value]) => value);
  }
});
