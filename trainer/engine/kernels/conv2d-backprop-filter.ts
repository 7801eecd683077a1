import type { Conv2DBackpropFilterAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { gatherPatches, patchStretches, type Stretch } from "./patches.ts";
import { allocate, heapView, release, type StockKernel, type WasmContext, type WasmKernel } from "./wasm-kernel.ts";
import { positionsPerPicture, windowGeometry, windowSize, type WindowGeometry } from "./window.ts";

/**
 * `x`: the pictures `[batch, height, width, in]`; `dy`: the loss's gradient with respect to the output
 * `[batch, height, width, out]`.
 */
interface FilterGradientInputs {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

/** Gradient of one stretch of positions: patches `[window, n] x dy [n, out]`. The caller releases it. */
function stretchGradient(
  context: WasmContext,
  { x, dy, geometry }: FilterGradientInputs & { readonly geometry: WindowGeometry },
  [from, to]: Stretch,
  matMul: StockKernel,
): TensorInfo {
  const filters = dy.shape.at(-1) ?? 0;
  const patches = allocate(context, [windowSize(geometry), to - from]);
  const part = allocate(context, [to - from, filters]);
  gatherPatches(geometry, heapView(context, x), [from, to], heapView(context, patches));
  heapView(context, part).set(heapView(context, dy).subarray(from * filters, to * filters));

  const gradient = matMul(context, { a: patches, b: part }, { transposeA: false, transposeB: false });
  release(context, patches, part);
  return gradient;
}

/**
 * `Conv2DBackpropFilter`, missing in the WASM backend: the loss's gradient with respect to a convolution's kernel
 * `[height, width, in, out]`.
 *
 * A matrix product over patches (im2col; Chellapilla, Puri & Simard 2006), in stretches that bound its memory.
 */
export function conv2dBackpropFilter(matMul: StockKernel): WasmKernel<FilterGradientInputs, Conv2DBackpropFilterAttrs> {
  return (context, inputs, { strides, pad, dimRoundingMode, filterShape }) => {
    const { backend_util: conv, util } = context.tf;
    // Adapter: TensorInfo has no rank in its type; tfjs-core checked it before the kernel is called.
    const shape = inputs.x.shape as [number, number, number, number];
    const geometry = windowGeometry(conv.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode));
    const result = allocate(context, filterShape);
    heapView(context, result).fill(0);

    const positions = shape[0] * positionsPerPicture(geometry);
    for (const stretch of patchStretches(geometry, positions)) {
      const gradient = stretchGradient(context, { ...inputs, geometry }, stretch, matMul);
      const [sum, part] = [heapView(context, result), heapView(context, gradient)];
      for (let i = 0; i < util.sizeFromShape(filterShape); i++) sum[i]! += part[i]!;
      release(context, gradient);
    }
    return result;
  };
}
