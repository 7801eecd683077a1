import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { SILENT_SEAT, honestSeat, roundInDraw } from "../../helpers/contracts/fixtures.ts";

describe("A second draw that nobody can make", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("closes the job as long as a round lasts after the first attempt failed, and no second earlier", async () => {
    const job = await roundInDraw(chain, { enlisted: 3 });
    const { disclosureEnd } = await job.facts();
    await job.score({ honest: honestSeat([1, 2, 3], undefined), seats: { 0: SILENT_SEAT } });
    await job.tally();
    const failedAt = BigInt(await job.now());
    expect(failedAt > disclosureEnd).to.equal(true);
    const end = failedAt + (await job.calls.grace());
    const close = () => job.world.lifecycle.connect(job.world.stranger).closeJob(job.id);
    await chain.helpers.time.setNextBlockTimestamp(end - 1n);
    await expect(close()).to.be.revertedWithCustomError(job.world.lifecycle, "JobLifecycle_NotOver");
    await chain.helpers.time.setNextBlockTimestamp(end);
    await close();
    expect(await job.phase()).to.equal("closed");
  });
});
