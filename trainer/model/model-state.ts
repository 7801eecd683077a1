import type { ServerOptimizerSpec } from "@commonweight/sdk/spec/aggregation-spec";
import type { Weights } from "./tensors.ts";
import type { TensorLayout } from "./model-layout.ts";

/** A released model: its weights and the state of the server optimizer. A committee attests both. */
export interface ModelState {
  readonly weights: Weights;
  /** Laid out by `stateLayout`; empty for an optimizer without state. */
  readonly optimizer: Weights;
}

/** State vectors of each optimizer, each as long as the weights, in the order of the file. */
const VECTORS: Readonly<Record<ServerOptimizerSpec["kind"], readonly string[]>> = {
  none: [],
  momentum: ["m"],
  nesterov: ["m"],
  adam: ["m", "v"],
  yogi: ["m", "v"],
};
/** Optimizers whose state includes the number of steps. */
const COUNTING: ReadonlySet<ServerOptimizerSpec["kind"]> = new Set(["adam"]);

/**
 * Layout of a released model's file: the weights, then as far as the optimizer has them `optimizer.m/<tensor>` and
 * `optimizer.v/<tensor>` for each weight tensor, and `optimizer.step` of shape [1].
 *
 * The file of a job's initial model has only the weights; the optimizer's state starts at zero.
 */
export function stateLayout(layout: readonly TensorLayout[], { kind }: ServerOptimizerSpec): readonly TensorLayout[] {
  const count = sizeOf(layout);
  const vectors = VECTORS[kind].flatMap((vector, index) =>
    layout.map((slot) => ({
      ...slot,
      name: `optimizer.${vector}/${slot.name}`,
      offset: slot.offset + (index + 1) * count,
    })),
  );
  const step = { name: "optimizer.step", shape: [1], offset: (VECTORS[kind].length + 1) * count, size: 1 };
  return [...layout, ...vectors, ...(COUNTING.has(kind) ? [step] : [])];
}

/** A model before the optimizer's first step. */
export function initialState(
  weights: Weights,
  layout: readonly TensorLayout[],
  optimizer: ServerOptimizerSpec,
): ModelState {
  return { weights, optimizer: new Float32Array(sizeOf(stateLayout(layout, optimizer)) - weights.length) };
}

/** Splits a file's values into weights and state. */
export function stateFrom(values: Weights, layout: readonly TensorLayout[]): ModelState {
  const count = sizeOf(layout);
  return { weights: values.slice(0, count), optimizer: values.slice(count) };
}

/** A file's values, in the order of `stateLayout`. */
export function valuesOf({ weights, optimizer }: ModelState): Weights {
  const values = new Float32Array(weights.length + optimizer.length);
  values.set(weights);
  values.set(optimizer, weights.length);
  return values;
}

function sizeOf(layout: readonly TensorLayout[]): number {
  return layout.reduce((sum, { size }) => sum + size, 0);
}
