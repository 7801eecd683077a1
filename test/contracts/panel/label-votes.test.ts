import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { roundInScoring } from "../../helpers/contracts/fixtures.ts";
import { HOLDOUT } from "../../helpers/contracts/job-params.ts";

const SEATS = 3;

// Two of three seats say that the third update is a clone of the second.
describe("The vote on a label", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  for (let other = 0; other < SEATS; other++) {
    it(`counts every seat's: seat ${other} alone sees no clone`, async () => {
      const terms = { holdout: HOLDOUT.public, clusters: true };
      const job = await roundInScoring(chain, { terms, enlisted: SEATS });
      for (let seat = 0; seat < SEATS; seat++) {
        await job.commitScores(seat, [10, 20, 30], { labels: [0, 1, seat === other ? 2 : 1] });
      }
      await job.passScoring();
      for (let seat = 0; seat < SEATS; seat++) await job.revealScores(seat);
      await job.tally();
      expect(await job.world.panel.labelsOf(job.id, 1, 1)).to.deep.equal([0n, 1n, 1n]);
    });
  }
});
