import type { LayerSpec, ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { Weights } from "./tensors.ts";
import { planModel, tensorLayout, type LayerPlan } from "./model-layout.ts";

/** Files of a TensorFlow.js layers model, by name. */
export interface LayersModelFiles {
  readonly "model.json": Uint8Array;
  readonly "weights.bin": Uint8Array;
}

interface KerasLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

function square(size: number): readonly [number, number] {
  return [size, size];
}

function kerasLayer(layer: LayerSpec): KerasLayer {
  switch (layer.type) {
    case "dense":
      return { class_name: "Dense", config: { units: layer.units, activation: layer.activation, use_bias: true } };
    case "conv2d":
      return {
        class_name: "Conv2D",
        config: {
          filters: layer.filters,
          kernel_size: square(layer.kernelSize),
          strides: square(layer.strides),
          padding: layer.padding,
          data_format: "channels_last",
          activation: layer.activation,
          use_bias: true,
        },
      };
    case "maxPooling2d":
      return { class_name: "MaxPooling2D", config: poolingConfig(layer.poolSize) };
    case "averagePooling2d":
      return { class_name: "AveragePooling2D", config: poolingConfig(layer.poolSize) };
    case "flatten":
      return { class_name: "Flatten", config: {} };
    case "dropout":
      return { class_name: "Dropout", config: { rate: layer.rate } };
    case "activation":
      return { class_name: "Activation", config: { activation: layer.activation } };
  }
}

function poolingConfig(poolSize: number): Readonly<Record<string, unknown>> {
  return { pool_size: square(poolSize), strides: square(poolSize), padding: "valid", data_format: "channels_last" };
}

function namedLayer({ index, layer, input }: LayerPlan): KerasLayer {
  const { class_name, config } = kerasLayer(layer);
  const inputShape = index === 0 ? { batch_input_shape: [null, ...input] } : {};
  return { class_name, config: { name: `layer${index}`, dtype: "float32", trainable: true, ...inputShape, ...config } };
}

/** Float32 values in little-endian order, as the format requires. */
function littleEndian(weights: Weights): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * weights.length));
  for (const [i, value] of weights.entries()) view.setFloat32(4 * i, value, true);
  return new Uint8Array(view.buffer);
}

/**
 * Encodes a trained model as a TensorFlow.js layers model, readable by `tf.loadLayersModel` and the Keras converter.
 *
 * @param weights - `parameterCount(model)` values
 * @param facts - written as `userDefinedMetadata`, if given
 * @returns `model.json` (topology and manifest, UTF-8), and `weights.bin` (float32, little-endian, in the order of
 * `tensorLayout`)
 * @throws CommonweightError `MODEL_*`, see `planModel`.
 */
export function exportLayersModel(model: ModelSpec, weights: Weights, facts?: object): LayersModelFiles {
  const manifest = tensorLayout(model).map(({ name, shape }) => ({
    name: name.replace(".", "/"),
    shape,
    dtype: "float32",
  }));
  const description = {
    format: "layers-model",
    generatedBy: "Commonweight",
    convertedBy: null,
    modelTopology: {
      keras_version: "tfjs-layers 4.22.0",
      backend: "tensor_flow.js",
      model_config: {
        class_name: "Sequential",
        config: { name: "commonweight", layers: planModel(model).map(namedLayer) },
      },
    },
    weightsManifest: [{ paths: ["weights.bin"], weights: manifest }],
    ...(facts === undefined ? {} : { userDefinedMetadata: facts }),
  };
  return {
    "model.json": new TextEncoder().encode(JSON.stringify(description)),
    "weights.bin": littleEndian(weights),
  };
}
