import { expect } from "chai";

import { accuracyBps, clampScore, INVALID, MAX_SCORE, MIN_SCORE, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { scoreUpdates, type RevealedUpdate, type ScoreRequest } from "../../../trainer/scoring/score.ts";
import { FormulaEngine } from "../../helpers/formula-engine.ts";
import { misallocated } from "./misallocated.ts";
import { refusalOf } from "../../helpers/refusals.ts";

const { signal } = new AbortController();
const model: ModelSpec = {
  input: [1],
  classes: 2,
  layers: [{ type: "dense", units: 2, activation: "softmax" }],
  seed: 0,
};
const holdout = { count: 1_000, features: new Float32Array(1_000), labels: new Uint16Array(1_000) };
const base = Float32Array.of(0, 0, 0);
const seed = "5a".repeat(32);

const valid = (...delta: number[]): RevealedUpdate => ({ kind: "valid", delta: Float32Array.from(delta) });
const malformed: RevealedUpdate = { kind: "malformed" };
const unavailable: RevealedUpdate = { kind: "unavailable" };
const copy: RevealedUpdate = { kind: "copy" };

/** A loss of 0.8 at zero weights, minus the sum of the weights. */
const linear = (weights: Float32Array) => 0.8 - weights.reduce((sum, weight) => sum + weight, 0);
/** A curved loss with its minimum at (1, 1, 1) and interactions of all orders. */
const bowl = ([x = 0, y = 0, z = 0]: Float32Array) =>
  Math.log(1 + (x - 1) ** 2 + (y - 1) ** 2 + (z - 1) ** 2 + 0.5 * (x - y) ** 2 * (1 + z * z));

type Changes = Partial<Omit<ScoreRequest, "engine">>;

function request(loss: (weights: Float32Array) => number, updates: readonly RevealedUpdate[], more: Changes = {}) {
  const engine = new FormulaEngine(loss);
  return {
    engine,
    model,
    base,
    updates,
    holdout,
    rule: { kind: "contribution" },
    seed,
    ...more,
  } satisfies ScoreRequest;
}

async function scoresOf(request: ScoreRequest, signal: AbortSignal): Promise<readonly number[]> {
  return (await scoreUpdates(request, signal)).scores;
}

describe("a fingerprint", () => {
  const updates = [valid(0.7, 0, 0), valid(0, 0.3, 0)];
  const fingerprint = async (loss = linear, more: Changes = {}) =>
    (await scoreUpdates(request(loss, updates, more), signal)).fingerprint;

  it("has 24 bits and is the same wherever the same is computed", async () => {
    expect(await fingerprint()).to.be.within(0, 2 ** 24 - 1);
    expect(await fingerprint()).to.equal(await fingerprint());
  });

  it("differs for another seed, another omitted update, and other losses with the same scores", async () => {
    const own = await fingerprint();
    expect(await fingerprint(linear, { seed: "1".repeat(64) })).not.to.equal(own);
    expect(await fingerprint(linear, { updates: [valid(1, 0, 0), unavailable] })).not.to.equal(own);
    const shifted = (weights: Float32Array) => linear(weights) + 1e-8;
    expect(await scoresOf(request(shifted, updates), signal)).to.deep.equal(
      await scoresOf(request(linear, updates), signal),
    );
    expect(await fingerprint(shifted)).not.to.equal(own);
  });

  it("is computed where there is nothing to score, as in a confirming round", async () => {
    expect(await fingerprint(linear, { updates: [] })).not.to.equal(
      await fingerprint((weights) => linear(weights) / 2, { updates: [] }),
    );
  });
});

describe("a request for scores", () => {
  it("is refused without holdout, with another length, a seed that is none or parameters out of range", async () => {
    const code = (more: Changes) => refusalOf(() => scoresOf(request(linear, [valid(0, 0, 0)], more), signal));
    const none = { count: 0, features: new Float32Array(), labels: new Uint16Array() };
    expect(await code({ holdout: none })).to.equal("SCORE_NO_HOLDOUT");
    expect(await code({ updates: [valid(1, 2)] })).to.equal("SCORE_LENGTH");
    expect(await code({ seed: "0x12" })).to.equal("SCORE_PARAMETER");
    expect(await code({ rule: { kind: "contribution", maxEvaluations: 0 } })).to.equal("SCORE_PARAMETER");
    expect(await code({ rule: { kind: "contribution", maxEvaluations: 65_536 } })).to.equal("SCORE_PARAMETER");
    expect(await code({ rule: { kind: "contribution", truncation: 0.5 } })).to.equal("SCORE_PARAMETER");
    const broken = request(() => Number.NaN, [valid(0, 0, 0)]);
    expect(await refusalOf(() => scoresOf(broken, signal))).to.equal("SCORE_MODEL");
  });

  it("is evaluated once where no update is valid: the fingerprint wants the model's own loss", async () => {
    const nothing = request(linear, [malformed, unavailable, copy]);
    expect(await scoresOf(nothing, signal)).to.deep.equal([INVALID, UNAVAILABLE, 0]);
    expect(nothing.engine.evaluations).to.equal(1);
  });

  it("hands on an engine's own failure, and stops where the signal aborts", async () => {
    const failing = request(() => {
      throw new Error("out of memory");
    }, [valid(0, 0, 0)]);
    expect(await scoresOf(failing, signal).catch((error: unknown) => error)).to.have.property(
      "message",
      "out of memory",
    );
    const stopped = scoresOf(request(linear, [valid(0, 0, 0)]), AbortSignal.abort());
    expect(await stopped.catch((error: unknown) => error)).to.have.property("name", "AbortError");
  });
});

describe("accuracy scores", () => {
  const score = (updates: readonly RevealedUpdate[], loss = linear) =>
    scoresOf(request(loss, updates, { rule: { kind: "accuracy" } }), signal);

  it("are the gain over the model in basis points", async () => {
    const updates = [
      valid(0.1, 0, 0),
      malformed,
      valid(-0.05, 0, 0),
      copy,
      valid(0, 0.0004, 0),
      unavailable,
      valid(0.9, 0, 0),
    ];
    expect(await score(updates)).to.deep.equal([1_000, INVALID, -500, 0, 0, UNAVAILABLE, 8_000]);
  });

  it("count no sample as right for an update that breaks the model", async () => {
    expect(await score([valid(9, 0, 0)], (weights) => (weights[0] === 0 ? 0.8 : Number.NaN))).to.deep.equal([-2_000]);
    expect(await score([valid(3e38, 0, 0)])).to.deep.equal([8_000]);
    const wide = request(linear, [valid(3e38, 0, 0)], {
      rule: { kind: "accuracy" },
      base: Float32Array.of(3e38, 0, 0),
    });
    const scores = await scoresOf({ ...wide, engine: new FormulaEngine(() => 0.8) }, signal);
    expect(scores).to.deep.equal([-2_000]);
  });
});

describe("contribution scores", () => {
  it("are each update's part of the loss in 1/10,000: an additive loss shows them one by one", async () => {
    const updates = [valid(0.4, 0, 0), valid(0, -0.2, 0), valid(0, 0, 0), valid(0.1, 0.1, 0)];
    // Each update has weight 1/4, so they change the loss of 0.8 by 0.1, -0.05, 0 and 0.05.
    expect(await scoresOf(request(linear, updates), signal)).to.deep.equal([1_250, -625, 0, 625]);
  });

  it("leave malformed, unavailable and copied updates out of N", async () => {
    const updates = [
      valid(0.4, 0, 0),
      malformed,
      copy,
      valid(0, -0.2, 0),
      unavailable,
      valid(0, 0, 0),
      valid(0.1, 0.1, 0),
    ];
    const scores = await scoresOf(request(linear, updates), signal);
    expect(scores).to.deep.equal([1_250, INVALID, 0, -625, UNAVAILABLE, 0, 625]);
  });

  it("sum to what all updates reach together, give a zero update 0 and equal updates the same", async () => {
    const updates = [valid(1, 0.2, 0), valid(0, 0, 0), valid(0.1, 1, 0.3), valid(0.1, 1, 0.3), valid(0, 0, 1.5)];
    const scores = await scoresOf(request(bowl, updates), signal);
    const reached = Math.log(1 + 3) - bowl(Float32Array.of(1.2 / 5, 2.2 / 5, 2.1 / 5));
    expect(scores.reduce((sum, own) => sum + own, 0)).to.be.closeTo((reached / Math.log(4)) * 10_000, updates.length);
    expect(scores[1]).to.equal(0);
    expect(scores[2]).to.equal(scores[3]);
  });

  it("ask the engine for the model and each coalition once, within the budget", async () => {
    const updates = Array.from({ length: 8 }, (_, at) => valid(at / 10, 0.1, -at / 30));
    const sampled = request(bowl, updates);
    await scoresOf(sampled, signal);
    expect(sampled.engine.evaluations).to.be.at.most(61);
    const exact = request(bowl, updates, { rule: { kind: "contribution", maxEvaluations: 255 } });
    await scoresOf(exact, signal);
    expect(exact.engine.evaluations).to.equal(256);
  });

  it("agree between two validators to the unit, however they write the seed", async () => {
    const updates = Array.from({ length: 9 }, (_, at) => valid(at / 10, 0.1, -at / 30));
    const first = await scoresOf(request(bowl, updates), signal);
    expect(await scoresOf(request(bowl, updates, { seed: `0x${seed.toUpperCase()}` }), signal)).to.deep.equal(first);
  });

  it("do not show differences below a nano-nat", async () => {
    const noisy = request((weights) => linear(weights) + 1e-11 * Math.random(), [valid(0.4, 0, 0), valid(0, -0.2, 0)]);
    expect(await scoresOf(noisy, signal)).to.deep.equal([2_500, -1_250]);
  });

  it("stay numbers, whatever an update does to the loss", async () => {
    const wild = (weights: Float32Array) => (weights[0]! > 1 ? Number.NaN : 0.001 - weights[1]! * 1e-4);
    const scores = await scoresOf(request(wild, [valid(9, 0, 0), valid(0, 1, 0)]), signal);
    expect(scores[0]).to.equal(MIN_SCORE);
    expect(scores[1]).to.be.within(0, 1_000);
    const perfect = request((weights) => Math.max(0, -weights[0]!), [valid(1, 0, 0), valid(-1, 0, 0)]);
    expect((await scoresOf(perfect, signal))[1]).to.equal(MIN_SCORE);
  });

  it("misallocate at most 11 % of the money at 60 evaluations with 8 updates, against exact values", async () => {
    // Two strong, three ordinary, one weak, one idle and one harmful trainer.
    const shares = [
      [2, 1, 0],
      [0, 2, 2],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.2, 0, 0.1],
      [0, 0, 0],
      [-1, -1, 0],
    ];
    const updates = shares.map((delta) => valid(...delta));
    const exact = await scoresOf(
      request(bowl, updates, { rule: { kind: "contribution", maxEvaluations: 255 } }),
      signal,
    );
    for (let round = 0; round < 20; round++) {
      const sampled = await scoresOf(request(bowl, updates, { seed: round.toString(16).padStart(64, "0") }), signal);
      expect(misallocated(exact, sampled)).to.be.at.most(0.11);
    }
  });

  it("report progress", async () => {
    const shares: number[] = [];
    const updates = [valid(1, 0, 0), valid(0, 1, 0), valid(0, 0, 1)];
    await scoresOf(request(bowl, updates, { onProgress: (share) => shares.push(share) }), signal);
    expect(shares.at(-1)).to.equal(1);
    expect(shares).to.have.length(7);
  });
});

describe("score arithmetic", () => {
  it("rounds accuracy down, in one place", () => {
    expect([accuracyBps(0, 3), accuracyBps(1, 3), accuracyBps(2, 3), accuracyBps(3, 3)]).to.deep.equal([
      0, 3_333, 6_666, 10_000,
    ]);
    expect(accuracyBps(9_007_199_254_740_990, 9_007_199_254_740_991)).to.equal(9_999);
  });

  it("never lets a number look like a sentinel", () => {
    expect([clampScore(-40_000n), clampScore(-32_767n), clampScore(5n), clampScore(99_999n)]).to.deep.equal([
      MIN_SCORE,
      MIN_SCORE,
      5,
      MAX_SCORE,
    ]);
    expect(INVALID)
      .to.be.below(UNAVAILABLE)
      .and.equal(-(2 ** 15));
    expect(UNAVAILABLE).to.be.below(MIN_SCORE);
  });
});
