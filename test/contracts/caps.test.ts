import { expect } from "chai";
import { parseEther } from "ethers";

import { updatesPerTally } from "../../trainer/roles/worker/duties.ts";
import { type Chain, openChain } from "../helpers/contracts/chain.ts";
import { everyoneExits, expectDrained } from "../helpers/contracts/exit.ts";
import { PUBLIC_RELEASE } from "../helpers/contracts/fixtures.ts";
import { JobDriver } from "../helpers/contracts/job-driver.ts";
import { budgetTerms } from "../helpers/contracts/job-params.ts";
import { READABLE, SealedHoldout } from "../helpers/contracts/sealed-holdout.ts";
import { deployedMarket } from "../helpers/contracts/world.ts";

const UPDATES = 64;
const SEATS = 31;
/** Maximum gas of any transaction. */
const GAS_CAP = 8_000_000n;
const PERIOD = 100_000;
const ALL_UPDATES = (1n << 64n) - 1n;
const ALL_SEATS = (1n << 32n) - 1n;

describe("A round at its caps, with everything that makes it larger", function () {
  this.timeout(300_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(2 + UPDATES + SEATS);
  });

  it("of 64 updates, 31 seats, clusters and a sealed holdout: fits into blocks and pays exactly", async () => {
    const job = await postedAtCaps();
    const { world } = job;
    await job.join(...world.trainers);
    await job.enlist(...world.validators);
    await job.open();
    await holdout.openPublic(job);
    for (const trainer of world.trainers) await job.commit(trainer, trainer.address);
    expect(await job.phase()).to.equal("disclosure");
    for (const trainer of world.trainers) await job.reveal(trainer);
    await holdout.open(job);
    await job.draw();

    const scores = Array.from({ length: UPDATES }, (_, index) => 100 + 7 * index);
    // Thirty-two pairs.
    const labels = scores.map((_, index) => index - (index % 2));
    const seats = [...Array(SEATS).keys()];
    for (const seat of seats) await job.commitScores(seat, [READABLE, ...scores], { labels });
    for (const seat of seats) await job.revealScores(seat);
    const chunk = updatesPerTally(SEATS);
    for (let tallied = 0; tallied < UPDATES; tallied += chunk) await cheap(job.tally(chunk));
    for (const seat of seats) await job.attest(seat, PUBLIC_RELEASE);
    // A sealed holdout takes two rounds at least: the job is to end with this one.
    await job.cancel();
    await cheap(job.settle(PUBLIC_RELEASE));
    expect(await job.phase()).to.equal("closed");

    await cheap(world.market.creditTrainers(job.id, 1, ALL_UPDATES));
    await cheap(world.market.creditValidators(job.id, 1, 1, ALL_SEATS));
    const claims = await Promise.all(
      world.trainers.map((trainer) => world.market.withdrawable(job.terms.token, trainer)),
    );
    expect(claims.every((claim) => claim > 0n)).to.equal(true);
    expect(claims.reduce((sum, claim) => sum + claim)).to.equal((await job.trainersPay(1n)).earned);
    await everyoneExits(world, [job]);
    await expectDrained(world, job.terms.token);
  });

  const holdout = new SealedHoldout(2);

  async function postedAtCaps(): Promise<JobDriver> {
    const world = await deployedMarket(chain, { trainers: UPDATES, validators: SEATS });
    const now = await chain.helpers.time.latest();
    const terms = budgetTerms(await world.token.getAddress(), now, {
      ...holdout.terms(parseEther("1001")),
      clusters: true,
      committeeSize: SEATS,
      trainingPeriod: PERIOD,
      disclosurePeriod: PERIOD,
      scoringPeriod: PERIOD,
      revealPeriod: PERIOD,
      attestationPeriod: PERIOD,
      settlementPeriod: PERIOD,
      deadline: now + 100 * PERIOD,
    });
    return JobDriver.post(world, terms);
  }

  async function cheap(sending: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<void> {
    const receipt = await (await sending).wait();
    expect(receipt?.gasUsed ?? GAS_CAP).to.be.lessThan(GAS_CAP);
  }
});
