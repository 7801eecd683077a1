import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";

/** A model with every kind of layer, including dropout. */
export const everyLayer: ModelSpec = {
  input: [8, 8, 1],
  classes: 10,
  seed: 5,
  layers: [
    { type: "conv2d", filters: 8, kernelSize: 3, strides: 1, padding: "same", activation: "relu" },
    { type: "maxPooling2d", poolSize: 2 },
    { type: "conv2d", filters: 16, kernelSize: 2, strides: 1, padding: "same", activation: "linear" },
    { type: "activation", activation: "tanh" },
    { type: "averagePooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dropout", rate: 0.25 },
    { type: "dense", units: 32, activation: "sigmoid" },
    { type: "dense", units: 10, activation: "softmax" },
  ],
};

/** The same model without its dropout layers. */
export function withoutDropout(model: ModelSpec): ModelSpec {
  return { ...model, layers: model.layers.filter(({ type }) => type !== "dropout") };
}
