import type { Conv2DAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import type { StockKernel, WasmKernel } from "./wasm-kernel.ts";

/** `x`: pictures `[batch, height, width, in]`; `filter`: the kernel `[height, width, in, out]`. */
interface ConvolutionInputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

/**
 * `Conv2D` that computes "same" padding itself.
 *
 * The stock kernel delegates padding to XNNPACK. If a stride exceeds the kernel, that padding becomes negative and the
 * result wrong.
 */
export function conv2d(stock: StockKernel): WasmKernel<ConvolutionInputs, Conv2DAttrs> {
  return (context, { x, filter }, attributes) => {
    const { strides, pad, dimRoundingMode } = attributes;
    if (pad !== "same") return stock(context, { x, filter }, { ...attributes });
    // Adapter: TensorInfo has no rank in its type; tfjs-core checked it before the kernel is called.
    const info = context.tf.backend_util.computeConv2DInfo(
      x.shape as Shape4D,
      filter.shape as Shape4D,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const { top, bottom, left, right } = info.padInfo;
    const explicit = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    return stock(context, { x, filter }, { ...attributes, pad: explicit });
  };
}

type Shape4D = [number, number, number, number];
