import { z } from "zod";

import { MAX_UPDATES } from "../protocol/limits.ts";

/** Most values that can be trimmed at each end so that one of `MAX_UPDATES` is left. */
const MAX_TRIM = (MAX_UPDATES - 1) >> 1;
/** Most passes over all updates: bounds a validator's work. */
const MAX_ITERATIONS = 20;
const MAX_VERSIONS = 100;

/** How updates become one direction (`trainer/aggregation/direction.ts`). */
export const aggregationSpec = z
  .discriminatedUnion("rule", [
    z.strictObject({ rule: z.literal("fedavg").describe("The mean of the updates that help.") }),
    z.strictObject({ rule: z.literal("trust").describe("Updates weighted by their trainers' trust.") }),
    z.strictObject({ rule: z.literal("gain").describe("Updates weighted by their scores.") }),
    z.strictObject({ rule: z.literal("median").describe("The median, value by value.") }),
    z.strictObject({
      rule: z.literal("trimmed-mean").describe("The mean without the extremes, value by value."),
      trim: z.int().min(0).max(MAX_TRIM).default(1).describe("Values dropped at each end."),
    }),
    z.strictObject({
      rule: z.literal("multi-krum").describe("The mean of the updates nearest to the others."),
      faulty: z.int().min(0).max(MAX_TRIM).default(1).describe("Byzantine updates tolerated (f)."),
      selected: z.int().min(1).max(MAX_UPDATES).default(1).describe("Updates averaged (m)."),
    }),
    z.strictObject({
      rule: z.literal("centred-clip").describe("The mean of updates clipped around their centre."),
      radius: z.number().positive().max(1_000_000).default(1).describe("Clipping radius around the centre (L2 norm)."),
      iterations: z.int().min(1).max(MAX_ITERATIONS).default(3).describe("Passes over the updates."),
    }),
  ])
  .describe("How updates become a model.");

const rate = z.number().positive().max(10);
const decay = z.number().min(0).max(0.99999);
const momentum = decay.default(0.9).describe("Momentum coefficient.");
const adaptive = {
  learningRate: rate.default(0.01).describe("Step size of the server."),
  beta1: decay.default(0.9).describe("Decay rate of the mean direction."),
  beta2: decay.default(0.99).describe("Decay rate of the mean squared direction."),
  tau: z.number().min(1e-9).max(1).default(0.001).describe("Larger values adapt less."),
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
  clip: z.enum(["median-norm", "none"]).default("median-norm").describe("Bounds an update's L2 norm."),
  maxStaleness: z
    .int()
    .min(0)
    .max(MAX_VERSIONS)
    .default(0)
    .describe("Most model versions that an update may lag; each one lowers its weight."),
});

export type AggregationSpec = z.infer<typeof aggregationSpec>;
export type ServerOptimizerSpec = z.infer<typeof serverOptimizerSpec>;
