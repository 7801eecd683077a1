import { expect } from "chai";

import { type Chain, type Signer, openChain } from "../../helpers/contracts/chain.ts";
import { SILENT_SEAT, honestSeat, roundInDraw } from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";

const SCORES = [1, 2, 3];

// Who is slashed falls off the list and may enlist again at once: what that gives it in the attempt that follows.
describe("A seat that is slashed and enlists again before the second draw", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("is not drawn where three others are left", async () => {
    const job = await roundInDraw(chain, { enlisted: 5 });
    const slashed = await failBySilence(job, 2);
    await job.enlist(...slashed);
    expect(await job.calls.drawable()).to.equal(3n);
    await job.draw();
    const seats = (await job.holders()).map(({ address }) => address);
    expect(seats).to.have.length(3);
    for (const { address } of slashed) expect(seats).not.to.include(address);
  });

  // Residual: a list of three.
  it("fills up a list of three, and ends the job by its silence: for a lock each time", async () => {
    const job = await roundInDraw(chain, { enlisted: 3, terms: { committeeSize: 3 } });
    const [first] = await failBySilence(job, 1);
    if (first === undefined) throw new Error("nobody was silent");
    await job.enlist(first);
    await job.draw();
    const seat = (await job.holders()).findIndex(({ address }) => address === first.address);
    expect(seat).to.be.greaterThan(-1);
    await silentIn(job, [seat]);
    expect(await job.phase()).to.equal("closed");
    expect(await job.world.registry.burned(job.terms.token)).to.equal(2n * job.terms.seatLock);
  });

  /** The first attempt fails because the first `count` seats stay silent. Returns their holders. */
  async function failBySilence(job: JobDriver, count: number): Promise<Signer[]> {
    await job.draw();
    const holders = (await job.holders()).slice(0, count);
    await silentIn(job, [...holders.keys()]);
    expect(await job.phase()).to.equal("draw");
    expect(await job.world.registry.burned(job.terms.token)).to.equal(BigInt(count) * job.terms.seatLock);
    return holders;
  }

  /** Plays a drawn attempt to its tally. */
  async function silentIn(job: JobDriver, silent: readonly number[]): Promise<void> {
    const seats = Object.fromEntries(silent.map((seat) => [seat, SILENT_SEAT]));
    const honest = honestSeat(SCORES, undefined);
    const all = (await job.holders()).map((_, seat) => seats[seat] ?? honest);
    for (const [seat, { scores }] of all.entries()) if (scores !== undefined) await job.commitScores(seat, scores);
    await job.passScoring();
    for (const [seat, { scores }] of all.entries()) if (scores !== undefined) await job.revealScores(seat);
    await job.passReveal();
    await job.tally();
  }
});
