import { expect } from "chai";

import { hashStream } from "../../../trainer/random/hash-stream.ts";

describe("the stream of a seed", () => {
  it("is sha256 in counter mode, word by word", () => {
    // printf 'd\0s\0\0\0\0\0\0\0\0' | sha256sum, and the same with \1 as the last byte
    const stream = hashStream("d", "s");
    const words = Array.from({ length: 9 }, () => stream.uint32().toString(16).padStart(8, "0"));
    expect([words[0], words[7], words[8]]).to.deep.equal(["46798840", "542f171a", "8a61a9aa"]);
  });

  it("draws from 0 to below the limit, each as often", () => {
    const stream = hashStream("d", "t");
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 30_000; draw++) counts[stream.below(3)]!++;
    for (const count of counts) expect(count).to.be.within(9_700, 10_300);
  });
});
