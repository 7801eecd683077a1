import { expect } from "chai";
import { sum } from "../helpers/contracts/money.ts";

import { type Chain, openChain } from "../helpers/contracts/chain.ts";
import { digestOf } from "../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained } from "../helpers/contracts/exit.ts";
import { honestSeat, staffedJob } from "../helpers/contracts/fixtures.ts";
import { WEALTH } from "../helpers/contracts/world.ts";

describe("A job from posting to the last withdrawal", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("with one budget a round pays by gain, keeps trust, and leaves nothing behind", async () => {
    const job = await staffedJob(chain);
    const { world } = job;
    const [a, b, c] = world.trainers;
    if (a === undefined || b === undefined || c === undefined) throw new Error("too few trainers");

    for (const round of [1n, 2n]) {
      if (round === 1n) await job.open();
      expect(await job.round()).to.equal(round);
      const release = { digest: digestOf(`model ${round}`), baseScore: 0, score: 0 };
      await job.play({ updates: await job.ownUpdates(a, b, c), honest: honestSeat([100, 300, -50], release) });
      await job.settle(release);
    }
    expect(await job.phase()).to.equal("closed");
    expect((await job.job()).modelDigest).to.equal(digestOf("model 2"));

    await everyoneExits(world, [job]);
    await expectDrained(world, job.terms.token);

    // The trainers' part of a round is divided 1 : 3 : 0.
    const validators = (job.terms.reward * 1_500n) / 10_000n;
    const trainers = job.terms.reward - validators;
    const budget = trainers / 2n;
    expect(await world.token.balanceOf(a)).to.equal(WEALTH + 2n * (budget / 4n));
    expect(await world.token.balanceOf(b)).to.equal(WEALTH + 2n * (budget - budget / 4n));
    expect(await world.token.balanceOf(c)).to.equal(WEALTH);
    const seats = await sum(world.validators.map((validator) => world.token.balanceOf(validator)));
    expect(seats - 9n * WEALTH).to.equal(2n * (validators / 2n));
    expect(await world.token.balanceOf(world.initiator)).to.equal(WEALTH - 2n * budget - 2n * (validators / 2n));
  });

  it("with a price list pays confirmed progress, confirms the last round, and leaves nothing behind", async () => {
    const job = await staffedJob(chain, { milestones: true });
    const { world } = job;
    const [a, b, c] = world.trainers;
    if (a === undefined || b === undefined || c === undefined) throw new Error("too few trainers");

    await job.open();
    const first = { digest: digestOf("model 1"), baseScore: 1_000, score: 5_000 };
    await job.play({ updates: await job.ownUpdates(a, b, c), honest: honestSeat([100, 300, -50], first) });
    await job.settle(first);
    expect((await job.trainersPay(1n)).earned).to.equal(0n);

    // The second committee measures 4,000, the first released 5,000: the lower score counts.
    const second = { digest: digestOf("model 2"), baseScore: 4_000, score: 9_500 };
    await job.play({ updates: await job.ownUpdates(a, b), honest: honestSeat([100, 100], second) });
    await job.settle(second);
    const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
    const shareAt4000 = 4_500n;
    expect((await job.trainersPay(1n)).earned).to.equal((trainers * shareAt4000) / 10_000n);
    expect(await job.phase()).to.equal("draw");
    expect((await job.facts()).confirming).to.equal(true);

    await job.score({ honest: honestSeat([9_500], undefined) });
    await job.tally();
    expect(await job.phase()).to.equal("closed");
    expect((await job.trainersPay(2n)).earned).to.equal(trainers - (trainers * shareAt4000) / 10_000n);

    await everyoneExits(world, [job]);
    await expectDrained(world, job.terms.token);
    expect(await world.token.balanceOf(c)).to.equal(WEALTH);
    const budget = (job.terms.reward * 1_500n) / 10_000n / 3n;
    expect(await world.token.balanceOf(world.initiator)).to.equal(WEALTH - trainers - 3n * budget);
  });
});
