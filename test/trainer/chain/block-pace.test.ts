import { expect } from "chai";

import { BlockPace } from "../../../trainer/chain/block-pace.ts";

/** Looks at a chain with a block each `betweenMs` for `minutes`, and counts the looks at each block. */
function looksPerBlock(betweenMs: number, eager: boolean, minutes = 20): number {
  let now = 0;
  const pace = new BlockPace(100, () => now);
  const warmUp = 20 * betweenMs;
  const end = warmUp + minutes * 60_000;
  let looks = 0;
  while (now < end) {
    pace.see(Math.floor(now / betweenMs));
    if (now >= warmUp) looks++;
    now += pace.pauseMs(eager);
  }
  return looks / ((end - warmUp) / betweenMs);
}

describe("BlockPace", () => {
  for (const betweenMs of [1_000, 2_000, 12_000, 13_000]) {
    it(`looks at most twice a block where one comes each ${betweenMs / 1_000} s`, () => {
      expect(looksPerBlock(betweenMs, false)).to.be.within(1, 2);
    });
    it(`looks at most ten times a block of ${betweenMs / 1_000} s where others' transactions are awaited`, () => {
      expect(looksPerBlock(betweenMs, true)).to.be.within(1, 10);
    });
  }
  it("watches a chain closely where transactions bring forth blocks", () => {
    let now = 0;
    const pace = new BlockPace(100, () => now);
    for (let block = 0; block < 10; block++, now += 1_000) pace.see(block);
    for (let block = 10; block < 13; block++, now += 20) pace.see(block);
    expect(pace.pauseMs(false)).to.equal(100);
  });
  it("looks every other second where no block comes", () => {
    let now = 0;
    const pace = new BlockPace(100, () => now);
    pace.see(1);
    now = 3_600_000;
    expect(pace.pauseMs(false)).to.equal(2_000);
  });
});
