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
    await job.tally();
    expect(await job.world.panel.consensusOf(job.id, 1, 1)).to.deep.equal([100n, 100n, 100n]);
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
