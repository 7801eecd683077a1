import { expect } from "chai";
import { toBeHex } from "ethers";

import { drawSeed, mixedEntropy, places } from "@commonweight/sdk/protocol/draw";
import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { roundInDisclosure } from "../../helpers/contracts/fixtures.ts";

const BEGINNING = toBeHex(1, 32);
const [LIST, SEATS, PARTY] = [9, 5, 3] as const;

// A residual: see "What can be moved of a draw" in docs/security.md. Should the rule be closed, this has to fail.
describe("Who knows all salts before the first disclosure", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("waits for a block whose hash gives it a majority, and gets that", async () => {
    const job = await roundInDisclosure(chain, { enlisted: LIST, terms: { committeeSize: SEATS } });
    const trainers = job.world.trainers.slice(0, 3);
    const reveals = BEGINNING;
    const salts = trainers.map((one) => ({ account: one.address, salt: job.updateOpening(one, 1n).salt }));
    const party = (await job.world.committees.enlistedOf(job.id)).slice(0, PARTY);
    for (;;) {
      const hash = (await chain.ethers.provider.getBlock("latest"))?.hash ?? "";
      const disclosures = mixedEntropy(BEGINNING, hash, salts);
      const seed = drawSeed({ disclosures, reveals, jobId: job.id, round: 1, attempt: 1 });
      if (places(seed, LIST, SEATS).filter((place) => place < PARTY).length === PARTY) break;
      await chain.helpers.mine();
    }
    for (const trainer of trainers) await job.reveal(trainer);
    await job.draw();
    const seated = (await job.holders()).map(({ address }) => address);
    expect(seated).to.include.members([...party]);
  });
});
