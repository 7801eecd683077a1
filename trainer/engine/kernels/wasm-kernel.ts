import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { Attribute, KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../runtime/tensorflow.ts";

/** Context of a kernel: TensorFlow.js's helpers, and the backend with the tensors on its heap. */
export interface WasmContext {
  readonly tf: TensorFlow;
  readonly backend: BackendWasm;
}

/** A kernel of TensorFlow.js's WASM backend. The caller disposes the result. */
export type StockKernel = (
  context: WasmContext,
  inputs: Record<string, TensorInfo>,
  attributes: Record<string, Attribute | undefined>,
) => TensorInfo;

/** Wraps a stock kernel, so that it can be called even after one of ours replaced it. */
export function stockKernel(tf: TensorFlow, name: string): StockKernel {
  const kernel = tf.getKernel(name, "wasm");
  if (kernel === undefined) throw new Error(`TensorFlow.js's WASM backend has no kernel ${name}.`);
  return ({ backend }, inputs, attrs) => {
    // Adapter: the registry has one type for all kernels; a kernel with one output returns one TensorInfo.
    return kernel.kernelFunc({ inputs, backend, attrs: attrs as Record<string, Attribute> }) as TensorInfo;
  };
}

/** A kernel of ours, with the types of its inputs and attributes. */
export type WasmKernel<Inputs, Attributes> = (
  context: WasmContext,
  inputs: Inputs,
  attributes: Attributes,
) => TensorInfo;

/** Registry entry of a kernel of ours. It keeps the set-up function of the stock kernel, which ours may call. */
export function kernelConfig<Inputs, Attributes>(
  tf: TensorFlow,
  kernelName: string,
  kernel: WasmKernel<Inputs, Attributes>,
): KernelConfig {
  return {
    ...tf.getKernel(kernelName, "wasm"),
    kernelName,
    backendName: "wasm",
    // Adapter: the registry has no types for the backend and a kernel's inputs and attributes.
    kernelFunc: ({ inputs, backend, attrs }) =>
      kernel({ tf, backend: backend as BackendWasm }, inputs as Inputs, attrs as Attributes),
  };
}

/**
 * View of the tensor's values on the WASM heap, for reading and writing in place.
 *
 * Any allocation may move the heap and detach all views: allocate first, create views afterwards.
 */
export function heapView({ backend }: WasmContext, tensor: TensorInfo): Float32Array {
  const view = backend.typedArrayFromHeap(tensor);
  if (!(view instanceof Float32Array)) throw new Error(`A kernel works on float32, not on ${tensor.dtype}.`);
  return view;
}

/** Allocates a float32 tensor on the WASM heap, with undefined values. */
export function allocate({ backend }: WasmContext, shape: readonly number[]): TensorInfo {
  return backend.makeOutput([...shape], "float32");
}

/** Frees intermediate tensors of a kernel. */
export function release({ backend }: WasmContext, ...tensors: readonly TensorInfo[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId);
}
