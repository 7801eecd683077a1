import { expect } from "chai";

import { gainWarnings, type RoundGain } from "../../../../trainer/roles/initiator/gain-warnings.ts";

const ROUND: RoundGain = {
  before: 3_330,
  after: 3_330,
  holdoutSamples: 12,
  leastSamples: 16,
  training: { optimizer: "sgd", learningRate: 0.1, epochs: 1, batchSize: 32 },
  scaling: { kind: "divisor", divisor: 1e30 },
  pictures: false,
};

describe("a dry run's warning", () => {
  it("says that a round gains nothing, and what to try", () => {
    const [warning] = gainWarnings(ROUND);
    expect(warning).to.include("the round gains nothing");
    expect(warning).to.include("training.learningRate 1 or 0.01 (now 0.1)");
    expect(warning).to.include("training.epochs 5 (now 1)");
    expect(warning).to.include("data.scaling: columns");
    expect(warning).to.include("more data (a part has 16 samples, the holdout 12)");
    expect(gainWarnings({ ...ROUND, after: 3_000 })[0]).to.include("the round gains nothing");
  });

  it("says that a gain may be chance: less than a standard error of the holdout", () => {
    expect(gainWarnings({ ...ROUND, after: 4_000 })[0]).to.include("gains 6.7 points, less than the 14.4 of chance");
    expect(gainWarnings({ ...ROUND, after: 4_775 })).to.deep.equal([]);
    expect(gainWarnings({ ...ROUND, after: 4_000, holdoutSamples: 2_000 })).to.deep.equal([]);
  });

  it("does not advise what is done already or cannot be", () => {
    const scaling = { kind: "columns", means: [0], scales: [1] } as const;
    const training = { ...ROUND.training, learningRate: 5, epochs: 100 };
    const [warning] = gainWarnings({ ...ROUND, scaling: { ...scaling, means: [0], scales: [1] }, training });
    expect(warning).to.include("training.learningRate 0.5 (now 5)").and.not.to.include("data.scaling");
    expect(warning).to.include("training.epochs 100");
    expect(gainWarnings({ ...ROUND, pictures: true })[0]).not.to.include("data.scaling");
  });
});
