import type { LayerSpec, ModelSpec } from "@commonweight/sdk/spec/model-spec";
import { CommonweightError } from "@commonweight/sdk/errors";
import { checkModel } from "../../../trainer/model/model-layout.ts";
import type { Random } from "../../../trainer/random/seeded-random.ts";

/** Picks one of the options. */
export function pick<T>(random: Random, options: readonly [T, ...T[]]): T {
  return options[Math.floor(random() * options.length)] ?? options[0];
}

const ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax"] as const;

function pictureLayer(random: Random): LayerSpec {
  const activation = pick(random, ACTIVATIONS);
  const convolution: LayerSpec = {
    type: "conv2d",
    filters: pick(random, [1, 2, 3, 5]),
    kernelSize: pick(random, [1, 2, 3, 4]),
    strides: pick(random, [1, 2, 3]),
    padding: pick(random, ["valid", "same"]),
    activation,
  };
  return pick<LayerSpec>(random, [
    convolution,
    convolution,
    { type: "maxPooling2d", poolSize: pick(random, [1, 2, 3]) },
    { type: "averagePooling2d", poolSize: pick(random, [1, 2, 3]) },
    { type: "activation", activation },
  ]);
}

function randomLayers(random: Random, classes: number): LayerSpec[] {
  const pictureLayers = Array.from({ length: pick(random, [1, 2, 3]) }, () => pictureLayer(random));
  return [
    ...pictureLayers,
    { type: "flatten" },
    { type: "dense", units: pick(random, [1, 3, 8]), activation: pick(random, ACTIVATIONS) },
    { type: "dense", units: classes, activation: "softmax" },
  ];
}

/** A valid model of random layers without dropout, small enough for numerical differentiation. */
export function randomModel(random: Random): ModelSpec {
  for (;;) {
    const side = (): number => 5 + Math.floor(random() * 5);
    const classes = pick(random, [2, 3, 7]);
    const seed = Math.floor(random() * 2 ** 32);
    const input: ModelSpec["input"] = [side(), side(), pick(random, [1, 2, 3])];
    const model: ModelSpec = { input, classes, seed, layers: randomLayers(random, classes) };
    if (fits(model)) return model;
  }
}

function fits(model: ModelSpec): boolean {
  try {
    checkModel(model);
    return true;
  } catch (error) {
    if (error instanceof CommonweightError && error.code === "MODEL_SHAPE") return false;
    throw error;
  }
}
