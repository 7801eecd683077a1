import { expect } from "chai";

import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { resolveJobFile, resolveModel, type JobTerms } from "@commonweight/sdk/job-file/resolve-job-file";
import { badShardCases } from "../../../../trainer/roles/initiator/bad-shards.ts";
import { payBelowGas, quoteJob, type Quote } from "../../../../trainer/roles/initiator/quote.ts";

/** Quotes a job of 10 rounds for 1,000 coins of no decimals. */
function quoteOf(holdout: "public" | "sealed", more = "", money = "reward: 1000"): Quote {
  const text = [
    "name: Digits",
    "model: linear",
    `data: {folder: digits, holdout: {kind: ${holdout}}}`,
    `money: {${money}}`,
    "rounds: 10",
    more,
  ].join("\n");
  const { job } = parseJobFile(text, "job.yaml");
  const { terms } = resolveJobFile(job, {
    model: resolveModel(job, { inputShape: [64], classes: 10 }),
    holdoutSamples: 65,
    tokenAddress: `0x${"33".repeat(20)}`,
    tokenFormat: { decimals: 0, symbol: "T" },
    now: 1_000_000,
  });
  return quoteJob({ terms, initialScoreBps: 1_000, holdoutSamples: 65, parts: 10, warnings: [], shortPeriods: [] });
}

/** Seconds of all phases and of a second attempt with the usual times. */
const ROUND = 600 + 120 + 600 + 120 + 600 + 120 + (600 + 120 + 600 + 120);

describe("the quote of a job with a sealed holdout", () => {
  it("has one shard more than rounds, and what they save beside the bond", () => {
    const { sealed } = quoteOf("sealed");
    expect(sealed).to.deep.equal({
      ...{ shards: 11, samplesPerShard: 65, openingPeriod: 120, bond: 100n, recognisedGapBps: 3_509 },
      badShards: badShardCases({ rounds: 10, trainers: 850n }),
    });
    // Without a price list too: validators' part is the same.
    expect(quoteOf("sealed", "scoring: {rule: accuracy}").sealed).to.deep.equal(sealed);
  });

  it("has the initiator's own bond, and the total that posting takes", () => {
    expect(quoteOf("sealed")).to.include({ reward: 1_000n, initiatorBond: 100n, total: 1_100n });
    expect(quoteOf("public")).to.include({ reward: 1_000n, initiatorBond: 0n, total: 1_000n });
  });

  it("counts the time in which each round's shard is opened", () => {
    const quote = quoteOf("sealed");
    expect(quote.phases.map(({ phase }) => phase).slice(0, 4)).to.deep.equal([
      ...["training", "disclosure", "opening", "scoring"],
    ]);
    expect(quote.longestRound).to.equal(ROUND + 120);
    expect(quote.longestJob).to.equal(10 * (ROUND + 120) + 2 * 1_440);
  });

  it("is that of any other job where the holdout is not sealed", () => {
    const quote = quoteOf("public");
    expect(quote.sealed).to.equal(undefined);
    expect(quote.longestRound).to.equal(ROUND);
    expect(quote.phases).to.have.lengthOf(6);
  });
});

describe("the warning about what majorities of two committees lock", () => {
  // 4 of 7 seats could take 850 and two rounds' 13 of 1,000: 87.6 %, so that each seat has to lock 22 %.
  it("says which seatLock is enough, and is silent once the job has it", () => {
    const warned = (money: string) =>
      quoteOf("public", "", money).warnings.filter((text) => text.includes("two committees"));
    expect(String(warned("reward: 1000"))).to.contain("money.seatLock to 22 % of the reward (10 % now)");
    expect(warned("reward: 1000, seatLock: 218")).to.have.lengthOf(1);
    expect(warned("reward: 1000, seatLock: 220")).to.deep.equal([]);
    expect(quoteOf("public").corruption.canTakeInTwoRounds).to.equal(876n);
  });
});

describe("a reward beside the gas that earning it costs", () => {
  // 10 rounds, 85 coins for 10 trainers: 0.85 each a round; 15 coins for 7 seats: 0.21 each a round.
  const terms = { reward: 100n * 10n ** 18n, rounds: 10, validatorShareBps: 1_500, committeeSize: 7, minTrainers: 1 };
  // Cast: only the terms that it reads.
  const facts = { terms: terms as unknown as JobTerms, parts: 10, isNative: true };
  const gwei = 10n ** 9n;

  it("is enough at usual prices", () => expect(payBelowGas(facts, gwei)).to.equal(undefined));
  it("is named where it is too little, for each role", () => {
    expect(payBelowGas(facts, 1_200n * gwei))
      .to.contain("a validator")
      .and.not.to.contain("a trainer");
    expect(payBelowGas(facts, 100_000n * gwei))
      .to.contain("a trainer")
      .and.to.contain("a validator");
  });
  it("counts the trainers that the job is made for", () =>
    expect(payBelowGas({ ...facts, parts: 1_000 }, 200n * gwei)).to.contain("a trainer"));
  it("is not compared in another token", () =>
    expect(payBelowGas({ ...facts, isNative: false }, 100_000n * gwei)).to.equal(undefined));
});
