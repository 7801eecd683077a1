import type { Conv2DBackpropInputAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { patchStretches, scatterPatches, type Stretch } from "./patches.ts";
import { allocate, heapView, release, type StockKernel, type WasmContext, type WasmKernel } from "./wasm-kernel.ts";
import { positionsPerPicture, windowGeometry, windowSize } from "./window.ts";

/**
 * `filter`: the kernel `[height, width, in, out]`; `dy`: the loss's gradient with respect to the output
 * `[batch, height, width, out]`.
 */
interface PictureGradientInputs {
  readonly dy: TensorInfo;
  readonly filter: TensorInfo;
}

/** The stock kernels that the gradient uses. */
interface Parts {
  readonly matMul: StockKernel;
  readonly transpose: StockKernel;
  readonly reshape: StockKernel;
}

/** The kernel as a matrix `[out, window]`. The caller releases it. */
function turnedFilter(context: WasmContext, filter: TensorInfo, window: number, parts: Parts): TensorInfo {
  const flat = parts.reshape(context, { x: filter }, { shape: [window, filter.shape.at(-1) ?? 0] });
  const turned = parts.transpose(context, { x: flat }, { perm: [1, 0] });
  release(context, flat);
  return turned;
}

/** Gradient with respect to one stretch's patches: `dy [n, out] x filter [out, window]`. The caller releases it. */
function patchGradient(
  context: WasmContext,
  { dy, turned }: { readonly dy: TensorInfo; readonly turned: TensorInfo },
  [from, to]: Stretch,
  matMul: StockKernel,
): TensorInfo {
  const filters = dy.shape.at(-1) ?? 0;
  const part = allocate(context, [to - from, filters]);
  heapView(context, part).set(heapView(context, dy).subarray(from * filters, to * filters));
  const gradient = matMul(context, { a: part, b: turned }, { transposeA: false, transposeB: false });
  release(context, part);
  return gradient;
}

/**
 * `Conv2DBackpropInput`: the loss's gradient with respect to a convolution's pictures `[batch, height, width, in]`.
 *
 * The stock kernel is a plain loop; this matrix product with col2im is several times faster.
 */
export function conv2dBackpropInput(parts: Parts): WasmKernel<PictureGradientInputs, Conv2DBackpropInputAttrs> {
  return (context, { dy, filter }, { strides, pad, dimRoundingMode, inputShape }) => {
    const { backend_util: conv } = context.tf;
    // Adapter: TensorInfo has no rank in its type; tfjs-core checked it before the kernel is called.
    const filterShape = filter.shape as [number, number, number, number];
    const geometry = windowGeometry(conv.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode));
    const result = allocate(context, inputShape);
    heapView(context, result).fill(0);

    const turned = turnedFilter(context, filter, windowSize(geometry), parts);
    for (const stretch of patchStretches(geometry, inputShape[0] * positionsPerPicture(geometry))) {
      const gradient = patchGradient(context, { dy, turned }, stretch, parts.matMul);
      scatterPatches(geometry, heapView(context, gradient), stretch, heapView(context, result));
      release(context, gradient);
    }
    release(context, turned);
    return result;
  };
}
