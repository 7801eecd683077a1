import type { Attribute, Tensor } from "@tensorflow/tfjs-core";
import { openWasmBackend } from "../../../../trainer/engine/wasm.ts";
import type { TensorFlow } from "../../../../trainer/engine/runtime/tensorflow.ts";
import type { Random } from "../../../../trainer/random/seeded-random.ts";

/** A float32 tensor as plain data. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Uniform values from -1 to 1. */
export function randomValues(random: Random, ...shape: readonly number[]): Values {
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1) };
}

/** Opens TensorFlow.js with our backend, and with plain JavaScript as the reference. */
export async function openBothBackends(): Promise<TensorFlow> {
  const tf = await openWasmBackend();
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  return tf;
}

/** Runs one kernel on one backend; disposes all tensors. */
export async function runKernel(
  tf: TensorFlow,
  backend: "wasm" | "cpu",
  name: string,
  inputs: Readonly<Record<string, Values>>,
  attributes: Record<string, Attribute>,
): Promise<Values> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([key, { values, shape }]): [string, Tensor] => [
      key,
      tf.tensor(values.slice(), [...shape]),
    ]);
    const output = tf.engine().runKernel(name, Object.fromEntries(tensors), attributes);
    if (Array.isArray(output)) throw new Error(`${name} gives several tensors.`);
    const result = output;
    return { shape: result.shape, values: new Float32Array(result.dataSync()) };
  });
}

/** Largest difference between two vectors, relative to the reference's largest absolute value (at least 1). */
export function distance(actual: Values, reference: Values): number {
  if (actual.shape.join() !== reference.shape.join()) return Number.POSITIVE_INFINITY;
  const scale = reference.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return reference.values.reduce((most, value, i) => {
    const error = Math.abs(value - (actual.values[i] ?? Number.NaN)) / scale;
    return error <= most ? most : Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
  }, 0);
}

/** Inner product in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
}

/** `values` with a small step along `direction`. */
export function stepped(from: Values, direction: Values, step: number): Values {
  return {
    shape: from.shape,
    values: from.values.map((value, i) => value + step * (direction.values[i] ?? Number.NaN)),
  };
}
