import type { KernelConfig } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../runtime/tensorflow.ts";
import { batchMatMul } from "./batch-mat-mul.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter.ts";
import { conv2dBackpropInput } from "./conv2d-backprop-input.ts";
import { maxPoolGrad } from "./max-pool-grad.ts";
import { kernelConfig, stockKernel } from "./wasm-kernel.ts";

function trainingKernels(tf: TensorFlow): readonly KernelConfig[] {
  const matMul = stockKernel(tf, tf.BatchMatMul);
  const transpose = stockKernel(tf, tf.Transpose);
  const reshape = stockKernel(tf, tf.Reshape);
  return [
    kernelConfig(tf, tf.BatchMatMul, batchMatMul({ matMul, transpose })),
    kernelConfig(tf, tf.Conv2D, conv2d(stockKernel(tf, tf.Conv2D))),
    kernelConfig(tf, tf.Conv2DBackpropFilter, conv2dBackpropFilter(matMul)),
    kernelConfig(tf, tf.Conv2DBackpropInput, conv2dBackpropInput({ matMul, transpose, reshape })),
    kernelConfig(tf, tf.MaxPoolGrad, maxPoolGrad),
  ];
}

/**
 * Registers our kernels for training with TensorFlow.js's WASM backend: missing ones, and replacements for slow or
 * wrong ones.
 *
 * The registry is global to the process; a second call has no effect. Load `@tensorflow/tfjs-backend-wasm` first: our
 * kernels call its stock kernels.
 */
export function registerTrainingKernels(tf: TensorFlow): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, "wasm") !== undefined) return;
  for (const config of trainingKernels(tf)) {
    if (tf.getKernel(config.kernelName, "wasm") !== undefined) tf.unregisterKernel(config.kernelName, "wasm");
    tf.registerKernel(config);
  }
}
