import { randomInt } from "node:crypto";

import { expect } from "chai";

import { commitmentComparison } from "./commitment-vectors.ts";
import { mismatchesOf, type Comparison } from "./comparison.ts";
import { consensusComparison } from "./consensus-vectors.ts";
import { drawComparison } from "./draw-vectors.ts";
import { openHarness, type OpenHarness } from "./harness.ts";
import { earnedComparison, sharesComparison, slashComparison } from "./payout-vectors.ts";
import { phaseComparison } from "./phase-vectors.ts";
import { Random } from "./random.ts";
import { trustComparison } from "./trust-vectors.ts";

/** All comparisons together; up to 1,000,000 by the environment. */
const VECTORS = Math.min(Number(process.env["CW_VECTORS"] ?? 100_000), 1_000_000);
const SEED = Number(process.env["CW_SEED"] ?? randomInt(2 ** 32));

describe(`the libraries and their mirrors, ${VECTORS} vectors, seed ${SEED}`, function () {
  this.timeout(900_000);
  let open: OpenHarness;
  let compared = 0;

  before(async () => {
    open = await openHarness();
  });
  after(() => open.close());

  async function expectSame<Vector, Result>(comparison: Comparison<Vector, Result>): Promise<void> {
    const count = Math.ceil(VECTORS * comparison.share);
    const mismatches = await mismatchesOf(comparison, open.harness, new Random(SEED), count);
    expect(mismatches, `CW_SEED=${SEED} CW_VECTORS=${VECTORS}`).to.deep.equal([]);
    compared += count;
  }

  it(consensusComparison.name, () => expectSame(consensusComparison));
  it(sharesComparison.name, () => expectSame(sharesComparison));
  it(earnedComparison.name, () => expectSame(earnedComparison));
  it(slashComparison.name, () => expectSame(slashComparison));
  it(trustComparison.name, () => expectSame(trustComparison));
  it(drawComparison.name, () => expectSame(drawComparison));
  it(phaseComparison.name, () => expectSame(phaseComparison));
  it("Commitments, and packed scores", () => expectSame(commitmentComparison(open.chainId, open.address)));

  it("compared as many vectors as were asked for", () => {
    expect(compared).to.be.at.least(VECTORS);
  });
});
