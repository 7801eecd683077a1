import { expect } from "chai";

import { distributionOf, leastClear, shareFrom } from "../../experiments/studies/near-clones/distribution.ts";
import type { Pair } from "../../experiments/studies/near-clones/measure.ts";
import { pairsCsv, parsePairs } from "../../experiments/studies/near-clones/pairs-file.ts";

const share = (numerator: number, denominator: number) => ({
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
});

describe("near-clone figures", () => {
  it("give quartiles between neighbours", () => {
    expect(distributionOf([4, 1, 3, 2])).to.deep.equal({ count: 4, min: 1, q1: 1.75, median: 2.5, q3: 3.25, max: 4 });
    expect(distributionOf([7])).to.deep.equal({ count: 1, min: 7, q1: 7, median: 7, q3: 7, max: 7 });
  });

  it("count what reaches theta on enough errors", () => {
    const similarities = [share(9, 10), share(89, 100), share(90, 100), share(100, 100)];
    expect(shareFrom(similarities, 90, 1)).to.equal(0.75);
    expect(shareFrom(similarities, 90, 20)).to.equal(0.5);
    expect(shareFrom([], 90, 1)).to.equal(0);
  });

  it("find the least theta that nothing reaches", () => {
    expect(leastClear([share(1, 2), share(77, 100)], 1)).to.equal(78);
    expect(leastClear([share(773, 1_000)], 1)).to.equal(78);
    expect(leastClear([share(5, 5)], 1)).to.equal(101);
    expect(leastClear([share(5, 5), share(30, 100)], 20)).to.equal(31);
  });

  it("are drawn again from a file of pairs", () => {
    const pair: Pair = {
      setting: { dataSet: "digits", preset: "2nn", sharing: "same", epochs: 5, seed: 2 },
      round: 8,
      role: "clone",
      kind: "noise 0.1 %",
      accuracy: 0.9123,
      accuracyGain: -0.0028,
      similarity: { errors: share(20, 21), fresh: share(0, 1), changes: share(3, 4), cosine: share(-5, 1_000) },
    };
    expect(parsePairs(pairsCsv([pair, pair]))).to.deep.equal([pair, pair]);
  });
});
