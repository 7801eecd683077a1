import { expect } from "chai";

import { INVALID, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import { initialState, type ModelState } from "../../../../trainer/model/model-state.ts";
import type { RevealedUpdate } from "../../../../trainer/scoring/score.ts";
import { nextModel } from "../../../../trainer/roles/validator/next-model.ts";
import { refusalOf } from "../../../helpers/refusals.ts";
import { weightsJob, type WeightsJob } from "../weights-job.ts";

const valid = (value: number): RevealedUpdate => ({ kind: "valid", delta: new Float32Array(4).fill(value) });
const baseOf = ({ layout, spec }: WeightsJob): ModelState =>
  initialState(Float32Array.of(1, 1, 1, 1), layout, spec.serverOptimizer);

function jobOf(aggregation: object, serverOptimizer: object = { kind: "none" }): WeightsJob {
  return weightsJob({ aggregation, serverOptimizer, update: { clip: "none" } });
}

/** The first weight of the next model, starting from a model of ones. */
function weightAfter(job: WeightsJob, updates: readonly RevealedUpdate[], consensus: readonly number[]) {
  const trust = updates.map((_, at) => ({ numerator: BigInt(at + 1), denominator: 10n }));
  return nextModel({ job, base: baseOf(job), updates, consensus, trust }).weights[0];
}

const ROBUST = [
  { rule: "median" },
  { rule: "trimmed-mean", trim: 1 },
  { rule: "multi-krum", faulty: 1, selected: 2 },
  { rule: "centred-clip", radius: 100, iterations: 1 },
] as const;

describe("the next model", () => {
  it("waits for an update that the committee scored but no peer serves", async () => {
    const job = jobOf({ rule: "median" });
    const attempt = () => weightAfter(job, [{ kind: "unavailable" }], [5]);
    expect(await refusalOf(attempt)).to.equal("MODEL_UPDATE_MISSING");
  });

  for (const rule of ["fedavg", "gain"]) {
    it(`merges only updates with positive scores: ${rule}`, () => {
      const job = jobOf({ rule });
      expect(weightAfter(job, [valid(1), valid(9), valid(3), valid(100)], [10, 0, 10, -3])).to.equal(3);
    });
  }

  it("follows the scores by gain", () => {
    expect(weightAfter(jobOf({ rule: "gain" }), [valid(1), valid(5)], [30, 10])).to.equal(3);
  });

  it("follows trust whatever the scores", () => {
    expect(weightAfter(jobOf({ rule: "trust" }), [valid(1), valid(5)], [30, -10])).to.be.closeTo(2.1, 1e-6);
  });

  for (const aggregation of ROBUST) {
    it(`is made of all updates that are neither void nor copies, whatever their scores: ${aggregation.rule}`, () => {
      const updates = [valid(2), { kind: "copy" }, valid(4), valid(77), valid(9), valid(55)] as const;
      const expected = { median: 5, "trimmed-mean": 5, "multi-krum": 4, "centred-clip": 6 }[aggregation.rule];
      expect(weightAfter(jobOf(aggregation), updates, [-1, 0, 0, INVALID, 4, UNAVAILABLE])).to.equal(expected);
    });

    it(`takes its rule's parameters from the specification: ${aggregation.rule}`, () => {
      const updates = [0, 1, 2, 9, 30].map(valid);
      const expected = { median: 3, "trimmed-mean": 5, "multi-krum": 1.5, "centred-clip": 9.4 }[aggregation.rule];
      expect(weightAfter(jobOf(aggregation), updates, [1, 1, 1, 1, 1])).to.be.closeTo(expected, 1e-5);
    });
  }

  for (const kind of ["none", "momentum", "nesterov", "adam", "yogi"]) {
    it(`stays, with its optimiser's state, where nothing is merged: ${kind}`, () => {
      for (const rule of ["fedavg", "gain", "median"]) {
        const job = jobOf({ rule }, { kind });
        const base = { ...baseOf(job), optimizer: baseOf(job).optimizer.fill(0.25) };
        const updates = rule === "median" ? [valid(1)] : [valid(1), valid(2)];
        const consensus = rule === "median" ? [INVALID] : [0, -5];
        expect(nextModel({ job, base, updates, consensus, trust: [] })).to.equal(base);
      }
    });
  }

  it("stays where the step does not fit float32, so that one trainer stops no job", () => {
    const job = jobOf({ rule: "median" }, { kind: "adam" });
    const base = baseOf(job);
    expect(nextModel({ job, base, updates: [valid(3e38)], consensus: [1], trust: [] })).to.equal(base);
  });

  it("goes on from the state that the last one left", () => {
    const job = jobOf({ rule: "fedavg" }, { kind: "momentum", learningRate: 1, momentum: 0.5 });
    const round = (base: ModelState, value: number) =>
      nextModel({ job, base, updates: [valid(value)], consensus: [1], trust: [] });
    const first = round(baseOf(job), 4);
    expect([...first.optimizer]).to.deep.equal([4, 4, 4, 4]);
    expect([...round(first, 1).weights]).to.deep.equal([8, 8, 8, 8]);
  });

  it("clips before it merges, where the job clips", () => {
    const job = weightsJob({ aggregation: { rule: "centred-clip", radius: 1e6, iterations: 1 } });
    expect(weightAfter(job, [valid(1), valid(2), valid(300)], [1, 1, 1])).to.be.closeTo(1 + 5 / 3, 1e-6);
  });
});
