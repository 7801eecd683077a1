import { fileURLToPath } from "node:url";

import { expect } from "chai";

import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Engine } from "../../../trainer/engine/port.ts";
import type { Samples, Weights } from "../../../trainer/model/tensors.ts";
import { openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { aggregate } from "../../../trainer/aggregation/aggregate.ts";
import { clipToMedianNorm } from "../../../trainer/aggregation/clip.ts";
import { loadDataSetFolder } from "../../../trainer/data/folders/data-set-folder.ts";
import { initialWeights } from "../../../trainer/model/model-layout.ts";
import type { PartitionRule } from "../../../trainer/data/partition.ts";
import { scoreUpdates, type ScoreRequest } from "../../../trainer/scoring/score.ts";
import { planDataSet, selectSamples } from "../../../trainer/data/split.ts";
import { misallocated } from "./misallocated.ts";

const DIGITS = fileURLToPath(new URL("../../../experiments/data/digits", import.meta.url));
const TRAINERS = 8;
const { signal } = new AbortController();

const model: ModelSpec = {
  input: [64],
  classes: 10,
  layers: [
    { type: "dense", units: 24, activation: "relu" },
    { type: "dense", units: 10, activation: "softmax" },
  ],
  seed: 1,
};

/** A round of real training on the digits: trainer 6 mislabels its samples, trainer 7 submits a zero update. */
interface TrainedRound {
  readonly base: Weights;
  readonly deltas: readonly Weights[];
  readonly holdout: Samples;
}

async function trainedRounds(engine: Engine, rule: PartitionRule, rounds: number): Promise<readonly TrainedRound[]> {
  const { samples } = await loadDataSetFolder(DIGITS);
  const plan = planDataSet(samples.labels, { parts: TRAINERS, rule, holdoutShare: 0.2, seed: "l3" });
  const holdout = selectSamples(samples, plan.holdout);
  const parts = plan.parts.map((indices, trainer) => {
    const own = selectSamples(samples, indices);
    return trainer === 6 ? { ...own, labels: own.labels.map((label) => (label + 1) % 10) } : own;
  });
  const done: TrainedRound[] = [];
  let base: Weights = initialWeights(model);
  for (let round = 0; round < rounds; round++) {
    const deltas: Weights[] = [];
    for (const [trainer, part] of parts.entries()) deltas.push(await trainedDelta(engine, base, part, trainer));
    const clipped = clipToMedianNorm(deltas);
    done.push({ base, deltas: clipped, holdout });
    base = aggregate(base, clipped, { kind: "fedavg" });
  }
  return done;
}

async function trainedDelta(engine: Engine, base: Weights, part: Samples, trainer: number): Promise<Weights> {
  if (trainer === 7) return new Float32Array(base.length);
  const options = { optimizer: "sgd", learningRate: 0.2, epochs: 3, batchSize: 16, seed: trainer } as const;
  const { weights } = await engine.train({ model, weights: base, samples: part }, options, signal);
  return weights.map((weight, at) => weight - (base[at] ?? 0));
}

describe("contribution scores of real updates", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => (engine = await openWasmEngine()));

  const score = async (round: TrainedRound, maxEvaluations: number, seed: string) => {
    const updates = round.deltas.map((delta) => ({ kind: "valid", delta }) as const);
    const rule = { kind: "contribution", maxEvaluations } as const;
    const request: ScoreRequest = { engine, model, ...round, updates, rule, seed: seed.padStart(64, "0") };
    return (await scoreUpdates(request, signal)).scores;
  };

  for (const rule of [{ kind: "iid" }, { kind: "dirichlet", alpha: 1 }] as const) {
    it(`misallocate at most 11 % of the money at 60 evaluations, ${rule.kind} parts`, async () => {
      const worst: number[] = [];
      for (const round of await trainedRounds(engine, rule, 3)) {
        const exact = await score(round, 255, "0");
        const sampled = await Promise.all(["1", "2", "3"].map((seed) => score(round, 60, seed)));
        worst.push(Math.max(...sampled.map((scores) => misallocated(exact, scores))));
        // The idle trainer is a null player; the mislabelling one earns nothing, or less than the honest mean.
        expect(exact[7]).to.equal(0);
        expect(exact[6]).to.be.below(Math.max(0, exact.slice(0, 6).reduce((sum, own) => sum + own, 0) / 6));
      }
      expect(Math.max(...worst)).to.be.at.most(0.11);
    });
  }

  it("agree to the unit when they are computed again", async () => {
    const [round] = await trainedRounds(engine, { kind: "iid" }, 1);
    if (round === undefined) throw new Error("no round");
    expect(await score(round, 60, "9")).to.deep.equal(await score(round, 60, "9"));
  });
});
