import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { PRIVATE_RELEASE, honestSeat, roundInDisclosure } from "../../helpers/contracts/fixtures.ts";

describe("A commitment that its trainer does not disclose", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("burns its bond where another's disclosure in the last third shows that the chain ran", async () => {
    const job = await roundInDisclosure(chain);
    const { disclosureEnd } = await job.facts();
    await job.passTo(disclosureEnd - 2n);
    await job.reveal(at(job.world.trainers, 0));
    await job.passTo(disclosureEnd);
    await job.releaseBond(at(job.world.trainers, 1));
    expect(await job.world.market.burned(job.terms.token)).to.equal(job.terms.bond);
  });

  it("burns nothing where the only disclosure came before the last third", async () => {
    const job = await roundInDisclosure(chain);
    await job.reveal(at(job.world.trainers, 0));
    await job.passTo((await job.facts()).disclosureEnd);
    await job.leave(at(job.world.trainers, 1));
    expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
  });

  it("holds its trainer until the last second of Disclosure, and no longer", async () => {
    const job = await roundInDisclosure(chain);
    const { rounds, trainers } = job.world;
    await job.reveal(at(trainers, 0));
    const { disclosureEnd } = await job.facts();
    await chain.helpers.time.setNextBlockTimestamp(disclosureEnd - 1n);
    await expect(job.leave(at(trainers, 1))).to.be.revertedWithCustomError(rounds, "TrainingRounds_MustReveal");
    await chain.helpers.time.setNextBlockTimestamp(disclosureEnd);
    await job.leave(at(trainers, 1));
    expect((await job.facts()).leaving).to.equal(1n);
  });

  it("burns nothing before Disclosure is over, though the chain was seen to run", async () => {
    const job = await roundInDisclosure(chain);
    const { rounds, trainers, stranger } = job.world;
    await job.passTo((await job.facts()).disclosureEnd - 3n);
    await rounds.connect(stranger).witness(job.id);
    await expect(job.leave(at(trainers, 1))).to.be.revertedWithCustomError(rounds, "TrainingRounds_MustReveal");
    await job.reveal(at(trainers, 1));
    expect(await job.world.market.burned(job.terms.token)).to.equal(0n);
  });

  it("of an earlier round does not hold its trainer in a later one", async () => {
    const job = await roundInDisclosure(chain, { terms: { rounds: 3 } });
    const { trainers, market } = job.world;
    await job.reveal(at(trainers, 0));
    await job.passTo((await job.facts()).disclosureEnd);
    await job.judge({ honest: honestSeat([100], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await job.phase()).to.equal("training");
    await job.leave(at(trainers, 1));
    expect(await market.withdrawable(job.terms.token, at(trainers, 1))).to.equal(job.terms.bond);
  });
});
