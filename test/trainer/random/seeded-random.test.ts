import { expect } from "chai";

import { seededRandom, shuffledIndices } from "../../../trainer/random/seeded-random.ts";

describe("a seeded generator", () => {
  it("draws multiples of 2^-32 in [0, 1), evenly", () => {
    const random = seededRandom(1);
    const draws = Array.from({ length: 20_000 }, random);
    for (const draw of draws) {
      expect(draw).to.be.within(0, 1 - 2 ** -32);
      expect(Number.isInteger(draw * 2 ** 32)).to.equal(true);
    }
    expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).to.be.closeTo(0.5, 0.01);
  });

  it("draws the same sequence from the same seeds, and another where any of them differs", () => {
    const drawn = (...seeds: readonly number[]) => Array.from({ length: 8 }, seededRandom(...seeds));
    expect(drawn(7, 1)).to.deep.equal(drawn(7, 1));
    for (const other of [[7, 2], [8, 1], [7], [1, 7]]) expect(drawn(...other)).not.to.deep.equal(drawn(7, 1));
  });

  it("shuffles to a permutation", () => {
    const order = shuffledIndices(1_000, seededRandom(3));
    expect(order).not.to.deep.equal(Uint32Array.from(order.keys()));
    expect(order.toSorted()).to.deep.equal(Uint32Array.from(order.keys()));
  });
});
