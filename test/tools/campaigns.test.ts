import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { sliceSeed, slicesOf } from "../../tools/campaigns/slices.ts";
import { addSuccesses, readSuccesses } from "../../tools/campaigns/successes.ts";

describe("campaigns in parts", () => {
  it("make no run twice and leave none out", () => {
    expect(slicesOf(10_000, 64).reduce((sum, runs) => sum + runs, 0)).to.equal(10_000);
    expect(slicesOf(130, 64)).to.deep.equal([64, 64, 2]);
    expect(slicesOf(64, 64)).to.deep.equal([64]);
    expect(slicesOf(0, 64)).to.deep.equal([]);
  });

  it("have seeds of their own, whatever the campaign's", () => {
    const seeds = [0, 1, 2].flatMap((seed) => [0, 1, 156].map((index) => sliceSeed(seed, index)));
    expect(new Set(seeds).size).to.equal(seeds.length);
  });
});

describe("asserted successes", () => {
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), "cw-successes-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("add up over histories, and a history that forge plays again counts once", () => {
    const path = join(folder, "told.txt");
    writeFileSync(path, "0:1 1:20 \n0:2 1:0 \n0:2 1:0 \n");
    const successes = readSuccesses(path, 2);
    expect(successes.slice(0, 3)).to.deep.equal([3, 20, 0]);
    expect(addSuccesses([successes, successes]).slice(0, 2)).to.deep.equal([6, 40]);
  });

  it("are none where no history ended", () => {
    const successes = readSuccesses(join(folder, "nothing.txt"), 2);
    expect(successes).to.have.length.above(25);
    expect(Math.max(...successes)).to.equal(0);
  });
});
