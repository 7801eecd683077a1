import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { drawSeed, mixedEntropy, places } from "@commonweight/sdk/protocol/draw";

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

  it("has another seed for each entropy, job, round and attempt", () => {
    const facts = { disclosures: id("disclosures"), reveals: id("reveals"), jobId: 1n, round: 1, attempt: 1 };
    const seeds = [
      facts,
      { ...facts, disclosures: id("other") },
      { ...facts, reveals: id("other") },
      { ...facts, jobId: 2n },
      { ...facts, round: 2 },
      { ...facts, attempt: 2 },
    ].map(drawSeed);
    expect(new Set(seeds).size).to.equal(seeds.length);
  });

  it("mixes salts in whatever order they are opened, each of them and the block before", () => {
    const salts = ["1", "2", "3"].map((name) => ({ account: `0x${name.repeat(40)}`, salt: id(name) }));
    const [start, block] = [id("start"), id("block")];
    const mixed = mixedEntropy(start, block, salts);
    expect(mixedEntropy(start, block, salts.toReversed())).to.equal(mixed);
    const others = [
      mixedEntropy(start, block, salts.slice(1)),
      mixedEntropy(start, id("other block"), salts),
      mixedEntropy(id("other start"), block, salts),
    ];
    expect(new Set([mixed, ...others]).size).to.equal(4);
    expect(mixedEntropy(start, block, [])).to.equal(start);
  });
});
