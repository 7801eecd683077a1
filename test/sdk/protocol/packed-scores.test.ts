import { expect } from "chai";
import fc from "fast-check";

import { packScores, unpackScores } from "@commonweight/sdk/protocol/packed-scores";

describe("packed scores", () => {
  it("refuse a score that has more than 16 bits", () => {
    expect(() => packScores([32_768])).to.throw(RangeError);
    expect(() => packScores([-32_769])).to.throw(RangeError);
    expect(() => packScores([0.5])).to.throw(RangeError);
  });

  it("refuse to read more scores than there are", () => {
    expect(() => unpackScores([0n], 17)).to.throw(RangeError);
  });

  it("come out as they went in, 16 a word", () => {
    const scores = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 64 });
    fc.assert(
      fc.property(scores, (vector) => {
        const words = packScores(vector);
        expect(words.length).to.equal(Math.ceil(vector.length / 16));
        expect(unpackScores(words, vector.length)).to.deep.equal(vector);
      }),
    );
    expect(packScores([-1, 2])).to.deep.equal([0x0002_ffffn]);
  });
});
