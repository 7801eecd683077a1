import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { planModel, type LayerPlan, type Shape } from "../model/model-layout.ts";

/** Multiplications per slice: about 30 ms of WASM training on one core of 2026, and 10 MB per layer. */
const SLICE_WORK = 50_000_000;

/** Cost of moving one value through memory, in multiplications of a matrix product. */
const WORK_PER_VALUE = 20;

function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Multiplications of one layer for one sample: each kernel value is used once at every position of the window. */
function multiplications({ layer, output, tensors }: LayerPlan): number {
  const [kernel] = tensors;
  if (kernel === undefined) return 0;
  const [height = 1, width = 1] = layer.type === "conv2d" ? output : [];
  return kernel.size * height * width;
}

/**
 * Number of samples that an engine computes without yielding to the event loop: 1 or more.
 *
 * Depends only on the model, because the slices affect the last bits of a result. `checkModel` bounds the cost of one
 * sample.
 */
export function sliceSize(model: ModelSpec): number {
  const plans = planModel(model);
  const values = plans.reduce((sum, { output }) => sum + sizeOf(output), sizeOf(model.input));
  const work = plans.reduce((sum, plan) => sum + multiplications(plan), WORK_PER_VALUE * values);
  return Math.max(1, Math.floor(SLICE_WORK / work));
}

/** Cuts `from..to - 1` into slices of at most `size`. */
export function slicesOf(from: number, to: number, size: number): (readonly [from: number, to: number])[] {
  const slices: (readonly [number, number])[] = [];
  for (let start = from; start < to; start += size) slices.push([start, Math.min(to, start + size)]);
  return slices;
}
