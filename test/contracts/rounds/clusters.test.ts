import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import {
  PUBLIC_RELEASE,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInScoring,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver, SeatPlan } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT, PAY_RULE } from "../../helpers/contracts/job-params.ts";
import { READABLE, SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";

/** Shared weights are counted in 64ths of a weight. */
const PARTS = 64n;
/** Labels without clones: each update's own index. */
const OWN = [0, 1, 2];

// Three updates; in a vector, labels follow the scores.
describe("Clusters of near-clones", function () {
  this.timeout(60_000);
  const terms = { holdout: HOLDOUT.public, clusters: true };
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("stand in one word more of a score vector, no fewer and no more", async () => {
    const job = await roundInScoring(chain, { terms });
    await job.commitScores(0, [10, 20, 30], { labels: OWN });
    await job.commitScores(1, [10, 20, 30]);
    await job.commitScores(2, [10, 20, 30], { labels: Array<number>(33).fill(0) });
    await job.passScoring();
    await job.revealScores(0);
    for (const seat of [1, 2]) {
      await expect(job.revealScores(seat)).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadScores");
    }
  });

  it("are refused in a vector of a job that has none", async () => {
    const job = await roundInScoring(chain, { terms: { holdout: HOLDOUT.public } });
    await job.commitScores(0, [10, 20, 30], { labels: OWN });
    await job.passScoring();
    await expect(job.revealScores(0)).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadScores");
    expect(await job.world.panel.labelsOf(job.id, 1, 1)).to.deep.equal([]);
  });

  it("change no weight where everyone names each update by itself", async () => {
    const job = await judged([labelled(OWN)]);
    expect(await weights(job)).to.deep.equal(parts(100n, 300n, 600n));
  });

  it("share the largest weight of theirs, in proportion", async () => {
    const job = await judged([labelled([0, 0, 2])]);
    expect(await job.world.panel.labelsOf(job.id, 1, 1)).to.deep.equal([0n, 0n, 2n]);
    expect(await weights(job)).to.deep.equal(parts(75n, 225n, 600n));
  });

  it("pay three clones what one is paid, all of the round's budget", async () => {
    const job = await judged([labelled([0, 0, 0])]);
    expect(await weights(job)).to.deep.equal(parts(60n, 180n, 360n));
    await job.settle(PUBLIC_RELEASE);
    await job.world.market.creditTrainers(job.id, 1, 7);
    const { earned } = await job.trainersPay(1n);
    const paid = await Promise.all(
      job.world.trainers.slice(0, 3).map((trainer) => job.world.market.withdrawable(job.terms.token, trainer)),
    );
    expect(paid.reduce((sum, amount) => sum + amount)).to.equal(earned);
    expect(paid[0]).to.equal(earned / 10n);
  });

  for (const payRule of [PAY_RULE.equal, PAY_RULE.byGain]) {
    const name = payRule === PAY_RULE.equal ? "in equal parts" : "by gain";
    it(`leave nobody with nothing, and frame nobody, where each weighs 1 (${name})`, async () => {
      const job = await roundInDraw(chain, { terms: { ...terms, payRule } });
      await job.judge({ honest: { ...honestSeat([1, 1, 1], PUBLIC_RELEASE), labels: [0, 0, 2] } });
      expect(await weights(job)).to.deep.equal([PARTS / 2n, PARTS / 2n, PARTS]);
    });
  }

  it("are what most seats name: two liars of five frame nobody", async () => {
    const job = await judged([labelled([0, 0, 0]), labelled([0, 0, 0]), labelled(OWN)]);
    expect(await weights(job)).to.deep.equal(parts(100n, 300n, 600n));
  });

  it("name whatever update seats say, the first disclosed one's label too", async () => {
    const job = await judged([labelled([2, 1, 2])]);
    expect(await job.world.panel.labelsOf(job.id, 1, 1)).to.deep.equal([2n, 1n, 2n]);
  });

  it("are what most seats name, whoever speaks last", async () => {
    const job = await roundInDraw(chain, { terms });
    await job.judge({ honest: labelled([0, 0, 2]), seats: { 4: labelled(OWN) } });
    expect(await job.world.panel.labelsOf(job.id, 1, 1)).to.deep.equal([0n, 0n, 2n]);
  });

  it("leave an update its own where seats are divided", async () => {
    const job = await judged([labelled([0, 0, 2]), labelled([0, 2, 2]), labelled([0, 0, 2]), labelled([0, 2, 2])], 4);
    expect(await job.world.panel.labelsOf(job.id, 1, 1)).to.deep.equal([0n, 1n, 2n]);
  });

  it("count nobody's label who did not reveal", async () => {
    const job = await roundInDraw(chain, { terms });
    const liar = { ...labelled([0, 0, 0]), reveals: false };
    await job.score({ honest: labelled(OWN), seats: { 0: liar } });
    await job.tally();
    expect(await weights(job)).to.deep.equal(parts(100n, 300n, 600n));
  });

  it("cost no seat anything: labels are outside quality and bands", async () => {
    const job = await judged([labelled([255, 7, 9]), labelled(OWN)]);
    const { seats } = await job.committee();
    expect(seats.map((seat) => seat.agreement)).to.deep.equal(Array(5).fill(30_000n));
    expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
  });

  it("come behind the number that judges a sealed holdout, and the scores", async () => {
    const holdout = new SealedHoldout(2);
    const job = await roundInScoringOf(holdout);
    const plan = { ...labelled([0, 0, 2]), scores: [READABLE, 100, 300, 600] };
    for (const seat of [0, 1, 2, 3, 4]) await job.commitScores(seat, plan.scores, plan);
    for (const seat of [0, 1, 2, 3, 4]) await job.revealScores(seat);
    await job.tally(1);
    await job.tally(1);
    await job.tally(1);
    expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([100n, 300n, 600n]);
    expect(await weights(job)).to.deep.equal(parts(75n, 225n, 600n));
  });

  function labelled(labels: readonly number[]): SeatPlan {
    return { ...honestSeat([100, 300, 600], PUBLIC_RELEASE), labels };
  }

  /** Plans by seat from seat 0; the last plan is for all other seats. */
  async function judged(plans: readonly SeatPlan[], enlisted = 5): Promise<JobDriver> {
    const job = await roundInDraw(chain, { terms, enlisted });
    const honest = plans.at(-1) ?? labelled(OWN);
    await job.judge({ honest, seats: Object.fromEntries(plans.entries()) });
    return job;
  }

  async function roundInScoringOf(holdout: SealedHoldout): Promise<JobDriver> {
    const job = await roundInDisclosure(chain, { holdout, terms: { ...terms, ...holdout.terms() } });
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await holdout.open(job);
    await job.draw();
    return job;
  }

  async function weights(job: JobDriver): Promise<bigint[]> {
    return [...(await job.world.lifecycle.weightsOf(job.id, 1, 1))];
  }
});

function parts(...weights: bigint[]): bigint[] {
  return weights.map((weight) => weight * PARTS);
}
