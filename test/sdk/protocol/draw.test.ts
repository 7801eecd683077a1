import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { drawSeed, places } from "@commonweight/sdk/protocol/draw";

describe("the draw", () => {
  it("refuses more seats than places", () => {
    expect(() => places(id("seed"), 3, 4)).to.throw(RangeError);
  });

  it("gives different places out of the list, all of them where there are no more", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 31 }),
        fc.integer({ min: 0, max: 100 }),
        (seed, count, more) => {
          const drawn = places(id(String(seed)), count + more, count);
          expect(new Set(drawn).size).to.equal(count);
          expect(drawn.every((place) => place >= 0 && place < count + more)).to.equal(true);
        },
      ),
    );
  });

  it("favours nobody", () => {
    const draws = 3_000;
    const seats = new Array<number>(10).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      for (const place of places(id(`draw ${draw}`), 10, 3)) seats[place] = (seats[place] ?? 0) + 1;
    }
    // Binomial, 3 in 10: five standard deviations.
    const deviation = 5 * Math.sqrt(draws * 0.3 * 0.7);
    for (const count of seats) expect(Math.abs(count - draws * 0.3)).to.be.below(deviation);
  });

  it("has another seed for each block, job, round and attempt", () => {
    const seeds = [
      drawSeed(id("block"), 1n, 1, 1),
      drawSeed(id("other"), 1n, 1, 1),
      drawSeed(id("block"), 2n, 1, 1),
      drawSeed(id("block"), 1n, 2, 1),
      drawSeed(id("block"), 1n, 1, 2),
    ];
    expect(new Set(seeds).size).to.equal(seeds.length);
  });
});
