import { positionsPerPicture, windowSize, type WindowGeometry } from "./window.ts";

/** Consecutive window positions `from..to - 1`, counted over all pictures row by row. */
export type Stretch = readonly [from: number, to: number];

/** Part of one output row: window positions `firstX..endX - 1` on row `y` of picture `picture`. */
interface RowSegment {
  readonly picture: number;
  readonly y: number;
  readonly firstX: number;
  readonly endX: number;
}

/** Cuts a stretch into parts of output rows. */
function rowSegments(geometry: WindowGeometry, [from, to]: Stretch): RowSegment[] {
  const segments: RowSegment[] = [];
  for (let position = from; position < to;) {
    const picture = Math.floor(position / positionsPerPicture(geometry));
    const rest = position - picture * positionsPerPicture(geometry);
    const y = Math.floor(rest / geometry.outWidth);
    const firstX = rest - y * geometry.outWidth;
    const endX = Math.min(geometry.outWidth, firstX + to - position);
    segments.push({ picture, y, firstX, endX });
    position += endX - firstX;
  }
  return segments;
}

/** First and end x in `segment` at which column `column` of the window lies inside the picture, not on padding. */
function insideRange(geometry: WindowGeometry, segment: RowSegment, column: number): readonly [number, number] {
  const { strideWidth, padLeft, inWidth } = geometry;
  const first = Math.ceil((padLeft - column) / strideWidth);
  const end = Math.ceil((inWidth + padLeft - column) / strideWidth);
  const insideFirst = Math.min(Math.max(segment.firstX, first), segment.endX);
  return [insideFirst, Math.min(Math.max(insideFirst, end), segment.endX)];
}

/**
 * Writes the values under the window at a stretch of positions (im2col, transposed).
 *
 * @param pictures - `[batch, inHeight, inWidth, channels]`
 * @param rows - `[window height x width x channels, positions]`, the output; 0 on padding
 */
export function gatherPatches(
  geometry: WindowGeometry,
  pictures: Float32Array,
  stretch: Stretch,
  rows: Float32Array,
): void {
  const { inHeight, inWidth, channels, windowHeight, windowWidth, strideHeight, strideWidth, padTop, padLeft } =
    geometry;
  const count = stretch[1] - stretch[0];
  const step = strideWidth * channels;
  let written = 0;
  for (const segment of rowSegments(geometry, stretch)) {
    let row = written;
    for (let i = 0; i < windowHeight; i++) {
      const inY = segment.y * strideHeight + i - padTop;
      const line = (segment.picture * inHeight + inY) * inWidth;
      const outside = inY < 0 || inY >= inHeight;
      for (let j = 0; j < windowWidth; j++) {
        const [first, end] = outside ? [segment.endX, segment.endX] : insideRange(geometry, segment, j);
        const source = (line + first * strideWidth + j - padLeft) * channels;
        for (let channel = 0; channel < channels; channel++) {
          let target = row;
          for (let x = segment.firstX; x < first; x++) rows[target++] = 0;
          for (let x = first, at = source + channel; x < end; x++, at += step) rows[target++] = pictures[at]!;
          for (let x = end; x < segment.endX; x++) rows[target++] = 0;
          row += count;
        }
      }
    }
    written += segment.endX - segment.firstX;
  }
}

/**
 * Adds the values under the window at a stretch of positions to the pictures (col2im): the reverse of `gatherPatches`.
 *
 * @param columns - `[positions, window height x width x channels]`
 * @param pictures - `[batch, inHeight, inWidth, channels]`, the output; values on padding are dropped
 */
export function scatterPatches(
  geometry: WindowGeometry,
  columns: Float32Array,
  stretch: Stretch,
  pictures: Float32Array,
): void {
  const { inHeight, inWidth, channels, windowHeight, windowWidth, strideHeight, strideWidth, padTop, padLeft } =
    geometry;
  const width = windowWidth * channels;
  const size = windowSize(geometry);
  let position = 0;
  for (const segment of rowSegments(geometry, stretch)) {
    for (let x = segment.firstX; x < segment.endX; x++, position++) {
      const left = x * strideWidth - padLeft;
      const first = Math.max(0, -left) * channels;
      const end = Math.min(width, (inWidth - left) * channels);
      for (let i = 0; i < windowHeight; i++) {
        const inY = segment.y * strideHeight + i - padTop;
        if (inY < 0 || inY >= inHeight) continue;
        const target = ((segment.picture * inHeight + inY) * inWidth + left) * channels;
        const source = position * size + i * width;
        for (let k = first; k < end; k++) pictures[target + k]! += columns[source + k]!;
      }
    }
  }
}

/** Maximum number of values in a kernel's patches at once: 8 MB. */
const PATCH_BUDGET = 2_000_000;

/** Cuts `0..positions - 1` into stretches whose patches fit the budget; depends only on its arguments. */
export function patchStretches(geometry: WindowGeometry, positions: number): Stretch[] {
  const length = Math.max(1, Math.floor(PATCH_BUDGET / windowSize(geometry)));
  const stretches: Stretch[] = [];
  for (let from = 0; from < positions; from += length) stretches.push([from, Math.min(positions, from + length)]);
  return stretches;
}
