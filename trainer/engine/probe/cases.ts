import type { LayerSpec, ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { TrainOptions } from "../port.ts";

/** One fixed computation of the probe. Samples and weights are drawn from the model's seed. */
export interface ProbeCase {
  readonly name: string;
  readonly model: ModelSpec;
  readonly count: number;
  readonly training: Pick<TrainOptions, "optimizer" | "learningRate" | "epochs" | "batchSize">;
}

const sgd = { optimizer: "sgd", learningRate: 0.1, epochs: 1, batchSize: 16 } as const;
const adam = { optimizer: "adam", learningRate: 0.01, epochs: 1, batchSize: 16 } as const;

function softmax(units: number): LayerSpec {
  return { type: "dense", units, activation: "softmax" };
}

function dense(units: number, activation: Extract<LayerSpec, { type: "dense" }>["activation"]): LayerSpec {
  return { type: "dense", units, activation };
}

/** Fields of a convolution that differ from a window of 3, stride 1, without padding and activation. */
function conv2d(filters: number, changes: Partial<Extract<LayerSpec, { type: "conv2d" }>> = {}): LayerSpec {
  return { type: "conv2d", filters, kernelSize: 3, strides: 1, padding: "valid", activation: "linear", ...changes };
}

/**
 * The probe's cases: together every layer, activation, padding and local optimizer that a job may ask for, in training
 * and evaluation.
 *
 * Odd sizes leave remainders behind vectors of four. 44 samples make a last batch that is smaller, and `slices` is
 * computed in two slices of different sizes.
 */
export const PROBE_CASES: readonly ProbeCase[] = [
  {
    name: "linear",
    model: { input: [37], classes: 7, seed: 1, layers: [{ type: "activation", activation: "linear" }, softmax(7)] },
    count: 44,
    training: sgd,
  },
  {
    name: "dense",
    model: {
      input: [37],
      classes: 5,
      seed: 2,
      layers: [dense(67, "relu"), dense(30, "sigmoid"), dense(18, "tanh"), dense(9, "softmax"), softmax(5)],
    },
    count: 44,
    training: adam,
  },
  {
    name: "convolution",
    model: {
      input: [13, 11, 3],
      classes: 6,
      seed: 3,
      layers: [
        conv2d(9, { activation: "relu" }),
        conv2d(6, { kernelSize: 2, strides: 3, padding: "same", activation: "sigmoid" }),
        conv2d(5, { kernelSize: 1, activation: "tanh" }),
        { type: "flatten" },
        softmax(6),
      ],
    },
    count: 44,
    training: sgd,
  },
  {
    name: "pooling",
    model: {
      input: [12, 12, 1],
      classes: 4,
      seed: 4,
      layers: [
        conv2d(7, { padding: "same" }),
        { type: "activation", activation: "relu" },
        { type: "maxPooling2d", poolSize: 2 },
        conv2d(6, { kernelSize: 2, activation: "softmax" }),
        { type: "averagePooling2d", poolSize: 2 },
        { type: "flatten" },
        { type: "activation", activation: "tanh" },
        softmax(4),
      ],
    },
    count: 44,
    training: adam,
  },
  {
    name: "dropout",
    model: {
      input: [8, 8, 1],
      classes: 10,
      seed: 5,
      layers: [
        { type: "flatten" },
        dense(50, "linear"),
        { type: "activation", activation: "sigmoid" },
        { type: "dropout", rate: 0.3 },
        { type: "activation", activation: "softmax" },
        softmax(10),
      ],
    },
    count: 44,
    training: sgd,
  },
  {
    name: "slices",
    model: {
      input: [28, 28, 1],
      classes: 10,
      seed: 6,
      layers: [
        conv2d(24, { kernelSize: 5, activation: "relu" }),
        { type: "maxPooling2d", poolSize: 3 },
        { type: "flatten" },
        { type: "dropout", rate: 0.2 },
        dense(64, "relu"),
        softmax(10),
      ],
    },
    count: 80,
    training: { optimizer: "adam", learningRate: 0.001, epochs: 1, batchSize: 80 },
  },
];
