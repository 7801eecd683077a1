import { expect } from "chai";
import { id } from "ethers";

import { shuffledAt } from "@commonweight/sdk/protocol/shuffle";

/** The whole list `0, 1, ... length - 1`, shuffled. */
function shuffled(seed: string, length: number): number[] {
  return Array.from({ length }, (_, index) => shuffledAt(seed, index, length));
}

describe("the shuffle", function () {
  // Each place takes 180 hashes.
  this.timeout(120_000);

  it("gives each place of a list of every length from 1 to 64 exactly once", () => {
    for (let length = 1; length <= 64; length++) {
      const values = shuffled(id(`length ${length}`), length).toSorted((a, b) => a - b);
      expect(values, `length ${length}`).to.deep.equal([...values.keys()]);
    }
  });

  it("gives the same for the same seed, and another order for another", () => {
    const orders = Array.from({ length: 20 }, (_, index) => shuffled(id(`seed ${index}`), 16).join());
    expect(new Set(orders).size).to.equal(orders.length);
    expect(shuffled(id("seed 0"), 16).join()).to.equal(orders[0]);
  });

  it("favours no place", () => {
    const [seeds, length] = [500, 4];
    const counts = new Array<number>(length).fill(0);
    for (let seed = 0; seed < seeds; seed++) {
      const value = shuffledAt(id(`shuffle ${seed}`), 1, length);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // Binomial, 1 in 4: five standard deviations.
    const deviation = 5 * Math.sqrt((seeds * (length - 1)) / length ** 2);
    for (const count of counts) expect(Math.abs(count - seeds / length)).to.be.below(deviation);
  });
});
