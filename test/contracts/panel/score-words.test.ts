import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { PUBLIC_RELEASE, honestSeat, roundInDraw } from "../../helpers/contracts/fixtures.ts";
import { SCORING } from "../../helpers/contracts/job-params.ts";
import { LEAST_BOND, READABLE, SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";

/** Scores in one word (`Consensus.LANES`). */
const LANES = 16;

// A sealed holdout takes the first place of a score vector: the same number of updates may need a word more.
describe("A score vector of a sealed holdout", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  for (const updates of [LANES - 1, LANES, LANES + 1]) {
    it(`with ${updates} updates: is revealed and tallied whole`, async () => {
      const holdout = new SealedHoldout(2);
      const job = await roundInDraw(chain, {
        population: { trainers: updates, validators: 3 },
        ...{ holdout, joined: updates, enlisted: 3 },
        terms: { ...holdout.terms(LEAST_BOND), scoring: SCORING.contribution },
      });
      await holdout.open(job);
      const scores = Array.from({ length: updates }, (_, index) => 100 + index);
      await job.judge({ honest: honestSeat([READABLE, ...scores], PUBLIC_RELEASE) });
      await job.settle(PUBLIC_RELEASE);
      expect((await job.trainersPay(1n)).earned > 0n).to.equal(true);
    });
  }
});

/** Labels in one word (`Clusters.LANES`). */
const LABELS = 32;

describe("A score vector with labels", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(64);
  });

  for (const updates of [LABELS - 1, LABELS, LABELS + 1]) {
    it(`of ${updates} updates: is revealed and tallied whole, and nothing stands behind its labels`, async () => {
      const job = await roundInDraw(chain, {
        population: { trainers: updates, validators: 3 },
        ...{ milestones: true, joined: updates, enlisted: 3, terms: { clusters: true } },
      });
      const scores = Array.from({ length: updates }, (_, index) => 100 + index);
      // The last two are near-clones of each other.
      const labels = scores.map((_, index) => Math.min(index, updates - 2));
      await job.judge({ honest: { ...honestSeat(scores, PUBLIC_RELEASE), labels } });
      await job.settle(PUBLIC_RELEASE);
      const { panel } = job.world;
      expect([...(await panel.labelsOf(job.id, 1, 1))].map(Number).slice(-2)).to.deep.equal([updates - 2, updates - 2]);
    });
  }
});
