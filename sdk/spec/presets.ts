import type { LayerSpec, ModelSpec } from "./model-spec.ts";

/** Makes a model for samples of one shape, `[features]` or `[height, width, channels]`. The seed is 0. */
export type Preset = (input: ModelSpec["input"], classes: number) => ModelSpec;

function flattenIfNeeded(input: ModelSpec["input"]): LayerSpec[] {
  return input.length === 1 ? [] : [{ type: "flatten" }];
}

/** Softmax regression: 7,850 parameters on 28 x 28 with 10 classes; FLoBC's linear model on 20 x 20 has 4,010. */
export const linear: Preset = (input, classes) => ({
  input,
  classes,
  seed: 0,
  layers: [...flattenIfNeeded(input), { type: "dense", units: classes, activation: "softmax" }],
});

/** "2NN" of McMahan et al. 2017 (arXiv 1602.05629): two hidden layers of 200, 199,210 parameters on 28 x 28. */
export const twoLayerNetwork: Preset = (input, classes) => ({
  input,
  classes,
  seed: 0,
  layers: [
    ...flattenIfNeeded(input),
    { type: "dense", units: 200, activation: "relu" },
    { type: "dense", units: 200, activation: "relu" },
    { type: "dense", units: classes, activation: "softmax" },
  ],
});

/** FLoBC's MNIST network (Ghanem et al. 2021, arXiv 2112.11873): 608,338 parameters on 28 x 28 x 1 with 10 classes. */
export const flobcCnn: Preset = (input, classes) => ({
  input,
  classes,
  seed: 0,
  layers: [
    { type: "conv2d", filters: 28, kernelSize: 3, strides: 1, padding: "valid", activation: "linear" },
    { type: "maxPooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dense", units: 128, activation: "relu" },
    { type: "dense", units: 16, activation: "relu" },
    { type: "dropout", rate: 0.2 },
    { type: "dense", units: classes, activation: "softmax" },
  ],
});

/** The names that a job file uses. */
export const PRESET_NAMES = ["linear", "2nn", "flobc-cnn"] as const;

export type PresetName = (typeof PRESET_NAMES)[number];

/** The presets by name. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  linear,
  "2nn": twoLayerNetwork,
  "flobc-cnn": flobcCnn,
};
