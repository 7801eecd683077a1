import type { LayerSpec, ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { planModel, type LayerPlan } from "../model-layout.ts";
import { sampleLine, type Example } from "./example.ts";

const ACTIVATIONS = {
  linear: undefined,
  relu: "np.maximum(x, 0)",
  sigmoid: "1 / (1 + np.exp(-x))",
  tanh: "np.tanh(x)",
  softmax: "np.exp(x - x.max(-1, keepdims=True)); x /= x.sum(-1, keepdims=True)",
} as const;

/** Python that predicts one sample from `model.safetensors`, with safetensors and numpy; one line for each layer. */
export function pythonExample(model: ModelSpec, { scaling, sampleSize }: Example): string {
  const scaled = {
    divisor: () => `raw / ${scaling?.kind === "divisor" ? scaling.divisor : 1}`,
    columns: () => '(raw - json.loads(about["scaling"])["means"]) / json.loads(about["scaling"])["scales"]',
  }[scaling?.kind ?? "divisor"]();
  return [
    "import json, numpy as np",
    "from safetensors import safe_open",
    'with safe_open("model.safetensors", "np") as file:',
    "    about, w = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}",
    `raw = np.arange(${sampleSize}) % 10  # ${sampleLine(scaling)}`,
    `x = (${scaled}).astype(np.float32).reshape(1, ${model.input.join(", ")})`,
    ...planModel(model).flatMap(layerLines),
    `names = json.loads(about.get("classNames", "null")) or range(${model.classes})`,
    "print(json.dumps({str(name): float(p) for name, p in zip(names, x[0])}))",
  ].join("\n");
}

function layerLines(plan: LayerPlan): readonly string[] {
  const { index, layer, input } = plan;
  switch (layer.type) {
    case "dense":
      return [activated(`x @ w["layer${index}.kernel"] + w["layer${index}.bias"]`, layer.activation)];
    case "conv2d": {
      const { kernelSize: size, strides } = layer;
      const padded = layer.padding === "same" ? `np.pad(x, ${padding(input, size, strides)})` : "x";
      const product = `np.einsum("nhwcij,ijco->nhwo", ${windows(padded, size, strides)}, w["layer${index}.kernel"])`;
      return [activated(`${product} + w["layer${index}.bias"]`, layer.activation)];
    }
    case "maxPooling2d":
      return [`x = ${windows("x", layer.poolSize, layer.poolSize)}.max((-1, -2))`];
    case "averagePooling2d":
      return [`x = ${windows("x", layer.poolSize, layer.poolSize)}.mean((-1, -2))`];
    case "flatten":
      return ["x = x.reshape(len(x), -1)"];
    case "dropout":
      return [];
    case "activation":
      return layer.activation === "linear" ? [] : [`x = ${ACTIVATIONS[layer.activation]}`];
  }
}

function activated(expression: string, activation: Extract<LayerSpec, { type: "dense" }>["activation"]): string {
  const then = ACTIVATIONS[activation];
  return then === undefined ? `x = ${expression}` : `x = ${expression}; x = ${then}`;
}

/** All windows of a picture, of shape [samples, height, width, channels, size, size]. */
function windows(picture: string, size: number, strides: number): string {
  const every = `[:, ::${strides}, ::${strides}]`;
  return `np.lib.stride_tricks.sliding_window_view(${picture}, (${size}, ${size}), axis=(1, 2))${every}`;
}

/** Zeros around a picture, as TensorFlow's padding `same` adds them: the odd one at the end. */
function padding(input: readonly number[], size: number, strides: number): string {
  const sides = input.slice(0, 2).map((length) => {
    const all = Math.max((Math.ceil(length / strides) - 1) * strides + size - length, 0);
    return `(${Math.floor(all / 2)}, ${Math.ceil(all / 2)})`;
  });
  return `((0, 0), ${sides.join(", ")}, (0, 0))`;
}
