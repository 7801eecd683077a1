import { expect } from "chai";

import { isHarderExam, recognisedGap } from "../../../trainer/scoring/exam.ts";

describe("a shard beside the public one", () => {
  const open = { correct: 450, count: 500 };

  for (const [what, correct, isHarder] of [
    ["equally hard", 450, false],
    ["easier", 500, false],
    ["harder by 4 points", 430, false],
    ["harder by 6 points, within the error of 500 samples", 420, false],
    ["harder by 20 points", 350, true],
    ["of labels by chance", 50, true],
  ] as const) {
    it(`that is ${what} is ${isHarder ? "a reason" : "no reason"} to leave`, () => {
      expect(isHarderExam({ correct, count: 500 }, open)).to.equal(isHarder);
    });
  }

  it("that is harder by 6 points of many samples is a reason, and by 4 points never", () => {
    expect(isHarderExam({ correct: 84_000, count: 100_000 }, { correct: 90_000, count: 100_000 })).to.equal(true);
    expect(isHarderExam({ correct: 86_000, count: 100_000 }, { correct: 90_000, count: 100_000 })).to.equal(false);
  });

  it("without samples says nothing", () => {
    expect(isHarderExam({ correct: 0, count: 0 }, open)).to.equal(false);
    expect(isHarderExam(open, { correct: 0, count: 0 })).to.equal(false);
  });

  it("is surely recognised from a gap on that the size of the shards gives", () => {
    expect([32, 65, 500, 100_000].map((samples) => Math.ceil(1_000 * recognisedGap(samples)))).to.deep.equal([
      ...[500, 351, 127, 50],
    ]);
    for (const samples of [65, 500, 100_000]) {
      const gap = Math.ceil(samples * recognisedGap(samples)) + 1;
      for (let correct = gap; correct <= samples; correct += Math.ceil(samples / 100)) {
        const isHarder = isHarderExam({ correct: correct - gap, count: samples }, { correct, count: samples });
        expect(isHarder, `${correct} of ${samples}`).to.equal(true);
      }
    }
  });
});
