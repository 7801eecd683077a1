import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { UNAVAILABLE } from "../../helpers/contracts/commitments.ts";
import { PUBLIC_RELEASE, honestSeat, roundInDraw } from "../../helpers/contracts/fixtures.ts";
import type { SeatPlan } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT } from "../../helpers/contracts/job-params.ts";

const SEATS = 7;

// A trainer can serve its file to some seats only. Honest seats with different files compute different losses, so their
// fingerprints differ.
describe("A trainer that serves its file to some seats only", function () {
  this.timeout(60_000);
  const terms = { holdout: HOLDOUT.public, committeeSize: SEATS, rounds: 1 };
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("does not make judges of three liars of seven", async () => {
    const job = await roundInDraw(chain, { terms, enlisted: SEATS });
    const liar = seat(1, [30_000, -30_000, -30_000]);
    const [all, some] = [seat(2, [100, 100, 100]), seat(3, [UNAVAILABLE, 100, 100])];
    await job.score({ honest: liar, seats: { 0: all, 1: all, 2: some, 3: some } });
    // Three say one thing of the first update, two another and two cannot fetch it: nobody decides, and others are
    // drawn.
    await expect(job.tally()).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, SEATS);
    expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
    expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([BigInt(UNAVAILABLE), 100n, 100n]);
    expect(await job.phase()).to.equal("draw");
  });

  it("costs that update alone, where a second committee is divided as well", async () => {
    const job = await roundInDraw(chain, { terms, enlisted: SEATS });
    const [all, some] = [seat(2, [100, 100, 100]), seat(3, [UNAVAILABLE, 100, 100])];
    const plan = {
      honest: all,
      seats: { 0: some, 1: some, 2: some, 3: seat(1, [30_000, 100, 100]), 4: seat(1, [30_000, 100, 100]) },
    };
    await job.score(plan);
    await job.tally();
    expect(await job.attempt()).to.equal(2n);
    await job.judge(plan);
    expect(await job.world.panel.consensusOf(job.id, 1, 2)).to.deep.equal([BigInt(UNAVAILABLE), 100n, 100n]);
    await job.settle(PUBLIC_RELEASE);
    expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
    const weights = await job.world.lifecycle.weightsOf(job.id, 1, 2);
    expect([...weights]).to.deep.equal([0n, 100n, 100n]);
  });

  it("does not end the job for nothing where another does so, too", async () => {
    const job = await roundInDraw(chain, { terms, enlisted: SEATS });
    const withoutFirst = seat(2, [UNAVAILABLE, 100, 100]);
    const withoutSecond = seat(3, [100, UNAVAILABLE, 100]);
    const seats = { 0: withoutFirst, 1: withoutFirst, 2: withoutSecond, 3: withoutSecond };
    await job.score({ honest: seat(1, [100, 100, 100]), seats });
    await job.tally();
    expect(await job.phase()).to.equal("attestation");
    expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([100n, 100n, 100n]);
  });

  function seat(fingerprint: number, scores: readonly number[]): SeatPlan {
    return { ...honestSeat(scores, PUBLIC_RELEASE), fingerprint };
  }
});
