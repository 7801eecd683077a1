import { z } from "zod";

import { MAX_UPDATES } from "../protocol/limits.ts";

/** Most values that leave one of `MAX_UPDATES` when as many are trimmed at either end. */
const MAX_TRIM = (MAX_UPDATES - 1) >> 1;
/** Passes over all updates: what bounds a validator's work. */
const MAX_ITERATIONS = 20;
const MAX_VERSIONS = 100;

/** How updates become one direction (`trainer/aggregation/direction.ts`). */
export const aggregationSpec = z
  .discriminatedUnion("rule", [
    z.strictObject({ rule: z.literal("fedavg").describe("The mean of the updates that help.") }),
    z.strictObject({ rule: z.literal("trust").describe("Updates by their trainers' trust.") }),
    z.strictObject({ rule: z.literal("gain").describe("Updates in proportion to their scores.") }),
    z.strictObject({ rule: z.literal("median").describe("The median, value by value.") }),
    z.strictObject({
      rule: z.literal("trimmed-mean").describe("The mean without the extremes, value by value."),
      trim: z.int().min(0).max(MAX_TRIM).default(1).describe("Values left out at either end."),
    }),
    z.strictObject({
      rule: z.literal("multi-krum").describe("The mean of the updates nearest to the others."),
      faulty: z.int().min(0).max(MAX_TRIM).default(1).describe("Updates that may be anything (f)."),
      selected: z.int().min(1).max(MAX_UPDATES).default(1).describe("Updates that are averaged (m)."),
    }),
    z.strictObject({
      rule: z.literal("centred-clip").describe("The mean of updates clipped around their centre."),
      radius: z.number().positive().max(1_000_000).default(1).describe("Farthest that one update pulls, an L2 norm."),
      iterations: z.int().min(1).max(MAX_ITERATIONS).default(3).describe("Passes over the updates."),
    }),
  ])
  .describe("How updates become a model.");

const rate = z.number().positive().max(10);
const decay = z.number().min(0).max(0.99999);
const momentum = decay.default(0.9).describe("What is kept of the last step.");
const adaptive = {
  learningRate: rate.default(0.01).describe("Step size of the server."),
  beta1: decay.default(0.9).describe("What is kept of the mean of directions."),
  beta2: decay.default(0.99).describe("What is kept of the mean of their squares."),
  tau: z.number().min(1e-9).max(1).default(0.001).describe("The larger, the less adaptive."),
};

/** What turns the direction into the next model (`trainer/aggregation/server-step.ts`). */
export const serverOptimizerSpec = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none").describe("The direction is added as it is.") }),
    z.strictObject({
      kind: z.literal("momentum").describe("FedAvgM."),
      learningRate: rate.default(1).describe("Step size of the server."),
      momentum,
    }),
    z.strictObject({
      kind: z.literal("nesterov").describe("DiLoCo's outer optimizer."),
      learningRate: rate.default(0.7).describe("Step size of the server."),
      momentum,
    }),
    z.strictObject({ kind: z.literal("adam").describe("FedAdam."), ...adaptive }),
    z.strictObject({ kind: z.literal("yogi").describe("FedYogi."), ...adaptive }),
  ])
  .describe("How the direction becomes the next model.");

/** Which updates count, and for how much. */
export const updateSpec = z.strictObject({
  clip: z.enum(["median-norm", "none"]).default("median-norm").describe("Bounds an update's length."),
  maxStaleness: z
    .int()
    .min(0)
    .max(MAX_VERSIONS)
    .default(0)
    .describe("Models that an update may lie behind; it counts less with each."),
});

export type AggregationSpec = z.infer<typeof aggregationSpec>;
export type ServerOptimizerSpec = z.infer<typeof serverOptimizerSpec>;
