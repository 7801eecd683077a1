import { z } from "zod";

/** Most columns that are standardised one by one: bounds the lists in a manifest or a specification. */
export const MAX_SCALED_COLUMNS = 8_192;

/** Divisors outside of this range take values out of float32. */
const LEAST_DIVISOR = 1e-30;
const LARGEST = 1e30;

const divisor = z.number().min(LEAST_DIVISOR).max(LARGEST);
const mean = z.number().min(-LARGEST).max(LARGEST);

/**
 * How a source's values become a model's inputs: `float32((value - mean) / scale)` of the value's column, in double
 * precision before the last step.
 *
 * - `divisor`: mean 0 and one scale for all columns; 1 leaves the values as they are.
 * - `columns`: a mean and a scale for each column.
 */
export const featureScaling = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("divisor"), divisor }),
    z.strictObject({
      kind: z.literal("columns"),
      means: z.array(mean).min(1).max(MAX_SCALED_COLUMNS),
      scales: z.array(divisor).min(1).max(MAX_SCALED_COLUMNS),
    }),
  ])
  .refine((scaling) => scaling.kind === "divisor" || scaling.means.length === scaling.scales.length, {
    message: "means and scales differ in number",
  });

export type FeatureScaling = z.infer<typeof featureScaling>;

/** Values as they are. */
export const AS_THEY_ARE: FeatureScaling = { kind: "divisor", divisor: 1 };

/** Whether a scaling fits samples of `features` values. */
export function fitsFeatures(scaling: FeatureScaling, features: number): boolean {
  return scaling.kind === "divisor" || scaling.means.length === features;
}
