import { expect } from "chai";

import { serverOptimizerSpec } from "@commonweight/sdk/spec/aggregation-spec";
import { aggregate } from "../../../trainer/aggregation/aggregate.ts";
import { directionOf, type AggregationRule } from "../../../trainer/aggregation/direction.ts";
import { initialState, valuesOf } from "../../../trainer/model/model-state.ts";
import { serverStep } from "../../../trainer/aggregation/server-step.ts";

const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

const base = Float32Array.of(0.1, 0.2, 0.3);
const updates = [1, 2, 3, 4, 5].map((own) =>
  Float32Array.from({ length: 3 }, (_, at) => ((own - 1 + at) % 2 === 0 ? 1 : -1) * (own / (at + 3))),
);
const gain = { kind: "gain", scores: [3, -2, 11, 7, 0] } as const;
const trimmed = { kind: "trimmed-mean", trim: 1 } as const;

// Computed by an independent Python program, with `struct` and IEEE 754 floats, without libraries.
const MODELS: readonly (readonly [AggregationRule, number, readonly number[]])[] = [
  [gain, 5, [1047031430, 1037471081, 1052810250]],
  [{ kind: "median" }, 5, [1054727646, 3175926988, 1056964608]],
  [{ kind: "median" }, 4, [3179841673, 1051092582, 1045220558]],
  [trimmed, 5, [1050999376, 1023969417, 1054727646]],
  [{ kind: "multi-krum", faulty: 1, selected: 2 }, 5, [1061438532, 3197737370, 1060320052]],
  [{ kind: "centred-clip", radius: 0.5, iterations: 3 }, 5, [1049001023, 1033879159, 1053528635]],
];

/** Weights, then m, v and the step count, after three rounds: trimmed mean, median of four, by gain. */
const STATES = {
  momentum: [1057174989, 3185577883, 1057761926, 1042333810, 3186696364, 1036052210],
  nesterov: [1056551142, 3183075201, 1057511658, 1042333810, 3186696364, 1036052210],
  adam: [
    ...[1038659719, 1044318675, 1050698820, 1015060981, 3158370033, 1008357978],
    ...[980499689, 973582915, 967684347, 1077936128],
  ],
  yogi: [
    ...[1038939780, 1044180113, 1050767382, 1015060981, 3158370033, 1008357978],
    ...[980716240, 973704725, 967840263],
  ],
} as const;

describe("the next model, in the bytes that every machine gives,", () => {
  for (const [rule, count, expected] of MODELS) {
    it(`by ${rule.kind} of ${count}`, () => {
      expect(bits(aggregate(base, updates.slice(0, count), rule))).to.deep.equal(expected);
    });
  }

  for (const kind of ["momentum", "nesterov", "adam", "yogi"] as const) {
    it(`after three steps of ${kind}, its usual parameters`, () => {
      const spec = serverOptimizerSpec.parse({ kind });
      const directions = [
        directionOf(updates, trimmed),
        directionOf(updates.slice(0, 4), { kind: "median" }),
        directionOf(updates, gain),
      ];
      const layout = [{ name: "layer0.bias", shape: [3], offset: 0, size: 3 }];
      const start = initialState(base, layout, spec);
      const end = directions.reduce((model, direction) => serverStep(model, direction, spec), start);
      expect(bits(valuesOf(end))).to.deep.equal(STATES[kind]);
    });
  }
});
