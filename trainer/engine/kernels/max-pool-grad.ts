import type { MaxPoolGradAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { allocate, heapView, type WasmKernel } from "./wasm-kernel.ts";
import { windowGeometry, type WindowGeometry } from "./window.ts";

/** `input` are the pictures before pooling, `dy` the loss's gradient by the pooled ones. */
interface Inputs {
  readonly dy: TensorInfo;
  readonly input: TensorInfo;
}

/** Rows or columns of the picture that the window covers at one place: its first and its end, without padding. */
function covered(place: number, stride: number, pad: number, window: number, size: number): readonly [number, number] {
  const start = place * stride - pad;
  return [Math.max(0, start), Math.min(size, start + window)];
}

/** Index of the largest value under the window `[top, bottom) x [left, right)` in one channel; the first wins a tie. */
function indexOfLargest(
  pictures: Float32Array,
  origin: number,
  lineSize: number,
  channels: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
): number {
  let best = origin + top * lineSize + left * channels;
  for (let y = top; y < bottom; y++) {
    const line = origin + y * lineSize;
    for (let at = line + left * channels; at < line + right * channels; at += channels) {
      if (pictures[at]! > pictures[best]!) best = at;
    }
  }
  return best;
}

/** Adds each pooled value's gradient to the picture's value that it came from. */
function routeGradients(
  geometry: WindowGeometry,
  batch: number,
  pictures: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
): void {
  const { inHeight, inWidth, outHeight, outWidth, channels, strideHeight, strideWidth, padTop, padLeft } = geometry;
  const lineSize = inWidth * channels;
  let from = 0;
  for (let picture = 0; picture < batch; picture++) {
    const origin = picture * inHeight * lineSize;
    for (let y = 0; y < outHeight; y++) {
      const rows = covered(y, strideHeight, padTop, geometry.windowHeight, inHeight);
      for (let x = 0; x < outWidth; x++) {
        const columns = covered(x, strideWidth, padLeft, geometry.windowWidth, inWidth);
        for (let channel = 0; channel < channels; channel++) {
          dx[indexOfLargest(pictures, origin + channel, lineSize, channels, rows, columns)]! += dy[from++]!;
        }
      }
    }
  }
}

/**
 * `MaxPoolGrad`: the loss's gradient by the pictures before max pooling `[batch, height, width, channels]`.
 *
 * A plain loop over the heap: the stock kernel visits every window for every value, and takes ten times as long.
 */
export const maxPoolGrad: WasmKernel<Inputs, MaxPoolGradAttrs> = (context, { dy, input }, attributes) => {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const { backend_util: pool } = context.tf;
  // Adapter: TensorInfo has no rank in its type; tfjs-core checked it before the kernel is called.
  const shape = input.shape as [number, number, number, number];
  const geometry = windowGeometry(pool.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode));
  const dx = allocate(context, shape);
  const gradients = heapView(context, dx).fill(0);
  routeGradients(geometry, shape[0], heapView(context, input), heapView(context, dy), gradients);
  return dx;
};
