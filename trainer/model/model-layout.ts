import { CommonweightError } from "@commonweight/sdk/errors";
import { MODEL_LIMITS, type LayerSpec, type ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Weights } from "./tensors.ts";
import { seededRandom } from "../random/seeded-random.ts";

/** Shape of one sample inside a network, without the batch: `[features]` or `[height, width, channels]`. */
export type Shape = readonly number[];

/** Position of one tensor in the weight vector; `offset` and `size` count float32 values. */
export interface TensorLayout {
  /** Stable and unique: `layer0.kernel`, `layer0.bias`; the number is the layer's index in the specification. */
  readonly name: string;
  /** Dense kernel `[in, units]`, convolution kernel `[height, width, in, filters]`, bias `[units]`. */
  readonly shape: Shape;
  readonly offset: number;
  readonly size: number;
}

/** One layer with its shapes and weights, which depend on the layers before it. */
export interface LayerPlan {
  readonly index: number;
  readonly layer: LayerSpec;
  readonly input: Shape;
  readonly output: Shape;
  /** Kernel, then bias; empty for a layer without weights. */
  readonly tensors: readonly TensorLayout[];
}

type Failure = "MODEL_EMPTY" | "MODEL_SHAPE" | "MODEL_TOO_LARGE" | "MODEL_OUTPUT";

const hints: Record<Failure, string> = {
  MODEL_EMPTY: "Give the model at least one dense or conv2d layer.",
  MODEL_SHAPE: "Change the layer, or insert a layer before it that outputs the required shape (flatten before dense).",
  MODEL_TOO_LARGE: `Stay within ${MODEL_LIMITS.layers} layers, ${MODEL_LIMITS.parameters} parameters and ${MODEL_LIMITS.activations} values a layer.`,
  MODEL_OUTPUT: "End the model with a dense layer of `classes` units and softmax.",
};

function fail(code: Failure, message: string): never {
  throw new CommonweightError(code, message, hints[code]);
}

/** Multiplies sizes; throws once the product exceeds `limit`, before it could exceed the safe integers. */
function boundedProduct(factors: Shape, limit: number, what: string): number {
  let product = 1;
  for (const factor of factors) {
    if (!Number.isSafeInteger(factor) || factor < 1) fail("MODEL_SHAPE", `${what} has the size ${factor}.`);
    product *= factor;
    if (product > limit) fail("MODEL_TOO_LARGE", `${what} has more than ${limit} values.`);
  }
  return product;
}

function requirePicture(input: Shape, where: string): readonly [number, number, number] {
  const [height, width, channels] = input;
  if (height === undefined || width === undefined || channels === undefined) {
    return fail("MODEL_SHAPE", `${where} needs [height, width, channels], not [${input.join(", ")}].`);
  }
  return [height, width, channels];
}

function requireWindow(input: Shape, size: number, where: string): readonly [number, number, number] {
  const [height, width, channels] = requirePicture(input, where);
  if (size > Math.min(height, width)) {
    fail("MODEL_SHAPE", `${where}: a window of ${size} does not fit into ${height} x ${width}.`);
  }
  return [height, width, channels];
}

function outputShape(layer: LayerSpec, input: Shape, where: string): Shape {
  switch (layer.type) {
    case "dense":
      if (input.length !== 1) fail("MODEL_SHAPE", `${where} needs [features], not [${input.join(", ")}].`);
      return [layer.units];
    case "conv2d": {
      const [height, width] = requireWindow(input, layer.kernelSize, where);
      const reach = layer.padding === "same" ? 1 : layer.kernelSize;
      const steps = (size: number): number => Math.ceil((size - reach + 1) / layer.strides);
      return [steps(height), steps(width), layer.filters];
    }
    case "maxPooling2d":
    case "averagePooling2d": {
      const [height, width, channels] = requireWindow(input, layer.poolSize, where);
      return [Math.floor(height / layer.poolSize), Math.floor(width / layer.poolSize), channels];
    }
    case "flatten":
      return [boundedProduct(input, MODEL_LIMITS.activations, where)];
    case "dropout":
    case "activation":
      return input;
  }
}

function weightShapes(layer: LayerSpec, input: Shape): readonly (readonly [name: string, shape: Shape])[] {
  switch (layer.type) {
    case "dense":
      return [
        ["kernel", [...input, layer.units]],
        ["bias", [layer.units]],
      ];
    case "conv2d":
      return [
        ["kernel", [layer.kernelSize, layer.kernelSize, ...input.slice(2), layer.filters]],
        ["bias", [layer.filters]],
      ];
    case "maxPooling2d":
    case "averagePooling2d":
    case "flatten":
    case "dropout":
    case "activation":
      return [];
  }
}

/** Only `dense` and `activation` may come last, so that the network's last step computes the class probabilities. */
function requireProbabilities(model: ModelSpec, last: LayerPlan): void {
  const { layer, output } = last;
  const softmax = (layer.type === "dense" || layer.type === "activation") && layer.activation === "softmax";
  if (softmax && output.length === 1 && output[0] === model.classes) return;
  fail("MODEL_OUTPUT", `The last layer outputs [${output.join(", ")}], not ${model.classes} probabilities by softmax.`);
}

/**
 * Computes every layer's shapes and weights, before the model reaches a tensor library.
 *
 * Safe for hostile numbers: every size is checked before it is used, whatever the schema accepted.
 *
 * @throws CommonweightError `MODEL_SHAPE` (a layer does not fit its input), `MODEL_TOO_LARGE` (above `MODEL_LIMITS`),
 * `MODEL_EMPTY` (no weights), `MODEL_OUTPUT` (the last layer does not output `classes` probabilities).
 */
export function planModel(model: ModelSpec): readonly LayerPlan[] {
  if (model.layers.length > MODEL_LIMITS.layers) {
    fail("MODEL_TOO_LARGE", `The model has more than ${MODEL_LIMITS.layers} layers.`);
  }
  boundedProduct(model.input, MODEL_LIMITS.activations, "The input");

  const plans: LayerPlan[] = [];
  let input: Shape = model.input;
  let offset = 0;
  for (const [index, layer] of model.layers.entries()) {
    const where = `Layer ${index} (${layer.type})`;
    const output = outputShape(layer, input, where);
    boundedProduct(output, MODEL_LIMITS.activations, where);

    const tensors = weightShapes(layer, input).map(([name, shape]): TensorLayout => {
      const size = boundedProduct(shape, MODEL_LIMITS.parameters, where);
      const tensor = { name: `layer${index}.${name}`, shape, offset, size };
      offset += size;
      if (offset > MODEL_LIMITS.parameters) {
        fail("MODEL_TOO_LARGE", `The model has more than ${MODEL_LIMITS.parameters} parameters at ${where}.`);
      }
      return tensor;
    });
    plans.push({ index, layer, input, output, tensors });
    input = output;
  }

  const last = plans.at(-1);
  if (last === undefined || offset === 0) return fail("MODEL_EMPTY", "The model has nothing to train.");
  requireProbabilities(model, last);
  return plans;
}

/**
 * Refuses a model that is inconsistent or exceeds `MODEL_LIMITS`.
 *
 * @throws CommonweightError `MODEL_SHAPE`, `MODEL_TOO_LARGE`, `MODEL_EMPTY` or `MODEL_OUTPUT`, see {@link planModel}.
 */
export function checkModel(model: ModelSpec): void {
  planModel(model);
}

/** Output shape of each layer for one sample. Throws like {@link planModel}. */
export function outputShapes(model: ModelSpec): readonly Shape[] {
  return planModel(model).map((plan) => plan.output);
}

/** Layout of the weight vector: names, shapes and offsets of all tensors, in order. Throws like {@link planModel}. */
export function tensorLayout(model: ModelSpec): readonly TensorLayout[] {
  return planModel(model).flatMap((plan) => plan.tensors);
}

/** Number of float32 values in the model's weight vector. Throws like {@link planModel}. */
export function parameterCount(model: ModelSpec): number {
  return tensorLayout(model).reduce((sum, tensor) => sum + tensor.size, 0);
}

/** Fan-in plus fan-out of a kernel `[..., in, out]`: inputs of one output plus outputs of one input. */
function fanSum(kernel: Shape): number {
  const [inputs = 1, outputs = 1] = kernel.slice(-2);
  const window = kernel.slice(0, -2).reduce((product, size) => product * size, 1);
  return window * (inputs + outputs);
}

/**
 * Initial weights: Glorot-uniform kernels (Glorot & Bengio 2010, equation 16), biases zero.
 *
 * Drawn from `model.seed` with integer arithmetic, `*`, `/` and `sqrt` only, which IEEE 754 rounds correctly: the same
 * bytes on every machine. Throws like {@link planModel}.
 */
export function initialWeights(model: ModelSpec): Weights {
  const layout = tensorLayout(model);
  const weights = new Float32Array(parameterCount(model));
  const random = seededRandom(model.seed);
  for (const { shape, offset, size } of layout) {
    if (shape.length === 1) continue;
    const limit = Math.sqrt(6 / fanSum(shape));
    for (let i = offset; i < offset + size; i++) weights[i] = (2 * random() - 1) * limit;
  }
  return weights;
}
