/** TensorFlow.js's core, passed as a value: importing it has side effects, so only adapters load it. */
export type TensorFlow = typeof import("@tensorflow/tfjs-core");
