import { z } from "zod";

/** Limits on the model in an untrusted specification. */
export const MODEL_LIMITS = {
  layers: 32,
  parameters: 20_000_000,
  /** Most output values of one layer for one sample. */
  activations: 4_000_000,
  units: 65_536,
} as const;

const positive = z.int().min(1);
const activation = z.enum(["linear", "relu", "sigmoid", "tanh", "softmax"]);

const layerSpec = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("dense"),
    units: positive.max(MODEL_LIMITS.units),
    activation: activation.default("linear"),
  }),
  z.strictObject({
    type: z.literal("conv2d"),
    filters: positive.max(4_096),
    kernelSize: positive.max(16),
    strides: positive.max(8).default(1),
    padding: z.enum(["valid", "same"]).default("valid"),
    activation: activation.default("linear"),
  }),
  z.strictObject({ type: z.literal("maxPooling2d"), poolSize: positive.max(16).default(2) }),
  z.strictObject({ type: z.literal("averagePooling2d"), poolSize: positive.max(16).default(2) }),
  z.strictObject({ type: z.literal("flatten") }),
  z.strictObject({ type: z.literal("dropout"), rate: z.number().min(0).max(0.95) }),
  z.strictObject({ type: z.literal("activation"), activation }),
]);

/**
 * A feed-forward classifier; workers build no other architecture.
 *
 * `input` is the shape of one sample, `[features]` or `[height, width, channels]`; the last layer outputs one
 * probability per class.
 */
export const modelSpec = z.strictObject({
  input: z.union(
    [z.tuple([positive.max(65_536)]), z.tuple([positive.max(512), positive.max(512), positive.max(16)])],
    "Write the shape of one sample as a list, such as [4] or [32, 32, 3].",
  ),
  classes: z.int().min(2).max(1_000),
  layers: z.array(layerSpec).min(1).max(MODEL_LIMITS.layers),
  /** Seed of the initial weights. */
  seed: z.int().min(0).max(0xffff_ffff).default(0),
});

export type LayerSpec = z.infer<typeof layerSpec>;
export type ModelSpec = z.infer<typeof modelSpec>;
