import type { Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { LayerSpec, ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { planModel, type LayerPlan } from "../model/model-layout.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

type Activation = Extract<LayerSpec, { type: "activation" }>["activation"];

/** Draws a dropout layer's factors for `size` values: 0, or `1 / (1 - rate)`. */
export type DropoutMask = (rate: number, size: number) => Float32Array;

/** One layer, and the index of its first weight in the list of tensors. */
export interface NetworkLayer {
  readonly plan: LayerPlan;
  readonly firstTensor: number;
}

/** Layers as `networkLayers` returns them, and their weights in the order of `tensorLayout`. */
export interface Network {
  readonly layers: readonly NetworkLayer[];
  readonly weights: readonly Tensor[];
}

/**
 * The model's layers without the last softmax: their output is logits, from which cross-entropy is computed without
 * overflow.
 *
 * @throws CommonweightError `MODEL_*`, see {@link planModel}.
 */
export function networkLayers(model: ModelSpec): readonly NetworkLayer[] {
  const plans = planModel(model);
  let tensors = 0;
  return plans.map((plan, index) => {
    const firstTensor = tensors;
    tensors += plan.tensors.length;
    return { plan: index === plans.length - 1 ? withoutActivation(plan) : plan, firstTensor };
  });
}

function withoutActivation(plan: LayerPlan): LayerPlan {
  return "activation" in plan.layer ? { ...plan, layer: { ...plan.layer, activation: "linear" } } : plan;
}

function activate(tf: TensorFlow, activation: Activation, x: Tensor): Tensor {
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return tf.relu(x);
    case "sigmoid":
      return tf.sigmoid(x);
    case "tanh":
      return tf.tanh(x);
    case "softmax":
      return tf.softmax(x);
  }
}

function drop(tf: TensorFlow, rate: number, x: Tensor, mask: DropoutMask | undefined): Tensor {
  return mask === undefined || rate === 0 ? x : tf.mul(x, tf.tensor(mask(rate, x.size), x.shape));
}

/** Input of one layer; `weights` are those of the whole network. */
interface LayerInput {
  readonly weights: readonly Tensor[];
  readonly x: Tensor;
  readonly mask: DropoutMask | undefined;
}

/** The layer's output before its activation function. */
function transform(tf: TensorFlow, { plan, firstTensor }: NetworkLayer, { weights, x, mask }: LayerInput): Tensor {
  const { layer } = plan;
  // Adapter: tfjs-core needs the rank in the type; here the layer's plan determines it.
  const picture = x as Tensor4D;
  const weight = (place: number): Tensor => {
    const tensor = weights[firstTensor + place];
    if (tensor === undefined) throw new Error(`Layer ${plan.index} has no weight ${place}.`);
    return tensor;
  };
  switch (layer.type) {
    case "dense":
      return tf.add(tf.matMul(x as Tensor2D, weight(0)), weight(1));
    case "conv2d":
      return tf.add(tf.conv2d(picture, weight(0) as Tensor4D, layer.strides, layer.padding), weight(1));
    case "maxPooling2d":
      return tf.maxPool(picture, layer.poolSize, layer.poolSize, "valid");
    case "averagePooling2d":
      return tf.avgPool(picture, layer.poolSize, layer.poolSize, "valid");
    case "flatten":
      return tf.reshape(x, [x.shape[0] ?? 0, -1]);
    case "dropout":
      return drop(tf, layer.rate, x, mask);
    case "activation":
      return x;
  }
}

/** Whether a layer's output can overflow float32 on finite input: it computes sums. */
function canOverflow({ plan: { layer } }: NetworkLayer): boolean {
  return layer.type === "dense" || layer.type === "conv2d" || layer.type === "averagePooling2d";
}

/**
 * Whether all values are finite: zero times a finite value is 0, zero times any other value is NaN.
 *
 * Checks the sums before the activations, because XNNPACK's clamps turn NaN into a number on x86 but keep it on ARM:
 * after an activation, two validators could disagree about hostile weights.
 */
function areFinite(tf: TensorFlow, values: readonly Tensor[]): boolean {
  const sums = tf.tidy(() => tf.stack(values.map((value) => tf.sum(tf.mul(value, 0)))).dataSync());
  return sums.every((sum) => sum === 0);
}

/** Output of a network for a batch. */
export interface Prediction {
  /** `[batch, classes]` */
  readonly logits: Tensor2D;
  /** Whether no layer's sums overflowed float32. If one did, the logits are meaningless. */
  readonly finite: boolean;
}

/**
 * Runs a batch through the network.
 *
 * Call it inside `tf.tidy`: it disposes neither the logits nor the intermediate tensors.
 *
 * @param x - `[batch, ...input]`
 * @param mask - dropout mask for training; without it, dropout layers do nothing
 */
export function predict(tf: TensorFlow, { layers, weights }: Network, x: Tensor, mask?: DropoutMask): Prediction {
  let value = x;
  const sums: Tensor[] = [];
  for (const layer of layers) {
    value = transform(tf, layer, { weights, x: value, mask });
    if (canOverflow(layer)) sums.push(value);
    if ("activation" in layer.plan.layer) value = activate(tf, layer.plan.layer.activation, value);
  }
  return { logits: value as Tensor2D, finite: areFinite(tf, sums) };
}
