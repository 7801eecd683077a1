import type { BatchMatMulAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { release, type StockKernel, type WasmContext, type WasmKernel } from "./wasm-kernel.ts";

/** Factors `[m, k]` and `[k, n]`; each may be given transposed. */
interface MatMulInputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Stock kernels that the product uses. */
export interface MatMulParts {
  readonly matMul: StockKernel;
  readonly transpose: StockKernel;
}

function sizeOf(tensor: TensorInfo): number {
  return tensor.shape.reduce((product, size) => product * size, 1);
}

/** The tensor with its last two dimensions swapped. */
function transposed(context: WasmContext, x: TensorInfo, transpose: StockKernel): TensorInfo {
  const rank = x.shape.length;
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return transpose(context, { x }, { perm });
}

/** Product without transposed arguments: the fast path of the stock kernel. */
function plainProduct(context: WasmContext, a: TensorInfo, b: TensorInfo, { matMul }: MatMulParts): TensorInfo {
  return matMul(context, { a, b }, { transposeA: false, transposeB: false });
}

/**
 * `a x b^T`, computed as `(b x a^T)^T` if `b` is larger: transposing and packing the smaller factor is cheaper.
 */
function productWithTransposed(context: WasmContext, a: TensorInfo, b: TensorInfo, parts: MatMulParts): TensorInfo {
  const swap = sizeOf(b) > sizeOf(a);
  const [left, right] = swap ? [b, a] : [a, b];
  const turned = transposed(context, right, parts.transpose);
  const product = plainProduct(context, left, turned, parts);
  release(context, turned);
  if (!swap) return product;

  const result = transposed(context, product, parts.transpose);
  release(context, product);
  return result;
}

/**
 * `BatchMatMul` that transposes its arguments in memory before it multiplies.
 *
 * The stock kernel uses XNNPACK only if neither argument is transposed; otherwise, as in both gradients of a dense
 * layer, it runs a plain loop: ten times slower on 32 x 4,732 x 128. Every value of the result is still one sum over
 * the inner dimension, in order.
 */
export function batchMatMul(parts: MatMulParts): WasmKernel<MatMulInputs, BatchMatMulAttrs> {
  return (context, { a, b }, { transposeA, transposeB }) => {
    if (!transposeA) {
      return transposeB ? productWithTransposed(context, a, b, parts) : plainProduct(context, a, b, parts);
    }
    const left = transposed(context, a, parts.transpose);
    const product = transposeB ? productWithTransposed(context, left, b, parts) : plainProduct(context, left, b, parts);
    release(context, left);
    return product;
  };
}
