import { expect } from "chai";

import { guesser } from "../../experiments/adversaries/guessing-validators.ts";
import { FREE_RIDERS } from "../../experiments/adversaries/free-riders.ts";
import { honestTrainer, honestValidator, times } from "../../experiments/lab/agents.ts";
import { attackersShare, honestSlashes, meanNet } from "../../experiments/lab/report/figures.ts";
import { openMarket, type Market } from "../../experiments/lab/market.ts";
import { play } from "../../experiments/lab/run/play.ts";
import { page } from "../../experiments/studies/incentives/report.ts";
import { lazyValidators } from "../../experiments/studies/incentives/rows/lazy-validators.ts";
import type { Scenario } from "../../experiments/lab/scenario.ts";
import { atMost, Samples } from "../../experiments/lab/study.ts";

const SEEDS = [1, 2];

/** Every validator gets a seat, so that a liar is always drawn. */
const small: Scenario = {
  trainers: times(3, honestTrainer),
  validators: times(5, honestValidator),
  terms: { rounds: 2, committeeSize: 5 },
  goalBps: 5_000,
};

describe("the incentives experiment", function () {
  this.timeout(120_000);
  let market: Market;
  before(async () => {
    market = await openMarket();
  });

  it("is deterministic by seed, learns, and slashes no honest validator", async () => {
    const [first, again, other] = [
      await play(market, small, 1),
      await play(market, small, 1),
      await play(market, small, 2),
    ];
    expect(again).to.deep.equal(first);
    expect(other.records).to.not.deep.equal(first.records);
    for (const outcome of [first, other]) {
      expect(outcome.settled).to.equal(2);
      expect(outcome.slashes).to.deep.equal([]);
      expect(outcome.accuracy).to.be.greaterThan(0.4);
      const paid = outcome.trainers.reduce((sum, purse) => sum + purse.paid, 0n);
      expect(paid > 0n && paid === outcome.owed).to.equal(true);
    }
  });

  it("pays a guesser and a free rider nothing, and all others something", async () => {
    const scenario: Scenario = {
      ...small,
      trainers: [...small.trainers, FREE_RIDERS["zero"]!],
      validators: [...times(4, honestValidator), guesser("constant")],
    };
    for (const seed of SEEDS) {
      const outcome = await play(market, scenario, seed);
      const honest = scenario.validators.map((agent) => agent.honest);
      expect(
        meanNet(
          outcome,
          honest.map((is) => !is),
        ),
      ).to.equal(0);
      expect(meanNet(outcome, honest)).to.be.greaterThan(0);
      expect(honestSlashes(outcome, scenario)).to.equal(0);
      expect(attackersShare(outcome, scenario)).to.equal(0);
    }
  });
});

describe("the incentives page", () => {
  it("prints for each figure whether it is met, and NOT RUN for rows without results", () => {
    const seed = (lazyNet: number) =>
      lazyValidators.cases.map(({ name }) => ({
        ...{ case: name, seed: 1, attempts: 3 },
        figures: {
          ...{ honestNet: 0.01, lazyNet, honestPaid: 0.01, lazyPaid: 0, honestSlashed: 0, lazySlashed: 1 },
          ...{ settled: 2, accuracy: 0.8 },
        },
      }));
    const missed = (lazyNet: number) =>
      lazyValidators.judge(new Samples(seed(lazyNet))).checks.filter(({ missedBy }) => missedBy !== undefined);
    expect(missed(-0.1)).to.deep.equal([]);
    expect(missed(0.1)).to.not.deep.equal([]);

    const results = { fingerprint: "", seconds: 1, samples: seed(0.1) };
    expect(page([{ study: lazyValidators, results, isCurrent: true }])).to.contain("**NOT MET** by 95 %");
    expect(page([{ study: lazyValidators, results: undefined, isCurrent: false }])).to.contain("NOT RUN");
    expect(page([{ study: lazyValidators, results, isCurrent: false }])).to.contain("older code");
  });

  it("counts a limit itself as met, and no number as missed", () => {
    expect(atMost("x", 2, { limit: 2, unit: "%" }).missedBy).to.equal(undefined);
    expect(atMost("x", 2.5, { limit: 2, unit: "%" }).missedBy).to.equal("0.50 %");
    expect(atMost("x", NaN, { limit: 2, unit: "%" }).missedBy).to.equal("NaN %");
  });
});
