import { positionsPerPicture, windowSize, type WindowGeometry } from "./window.ts";

/** Part of one output row: the window's places `firstX..endX - 1` on row `y` of picture `picture`. */
interface RowSegment {
  readonly picture: number;
  readonly y: number;
  readonly firstX: number;
  readonly endX: number;
}

/** Cuts the window's places `from..to - 1`, counted over all pictures row by row, into parts of output rows. */
function rowSegments(geometry: WindowGeometry, from: number, to: number): RowSegment[] {
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

/** First and end x of `segment` at which column `column` of the window stands inside the picture, not on padding. */
function insideRange(geometry: WindowGeometry, segment: RowSegment, column: number): readonly [number, number] {
  const { strideWidth, padLeft, inWidth } = geometry;
  const first = Math.ceil((padLeft - column) / strideWidth);
  const end = Math.ceil((inWidth + padLeft - column) / strideWidth);
  const insideFirst = Math.min(Math.max(segment.firstX, first), segment.endX);
  return [insideFirst, Math.min(Math.max(insideFirst, end), segment.endX)];
}

/**
 * Writes what the window covers at the places `from..to - 1` (im2col, transposed).
 *
 * @param pictures - `[batch, inHeight, inWidth, channels]`
 * @param rows - `[window height x width x channels, to - from]`; padding gives 0
 */
export function gatherPatches(
  geometry: WindowGeometry,
  pictures: Float32Array,
  from: number,
  to: number,
  rows: Float32Array,
): void {
  const { inHeight, inWidth, channels, windowHeight, windowWidth, strideHeight, strideWidth, padTop, padLeft } =
    geometry;
  const count = to - from;
  const step = strideWidth * channels;
  let written = 0;
  for (const segment of rowSegments(geometry, from, to)) {
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
 * Adds values under the window at the places `from..to - 1` back onto the pictures (col2im): the reverse of a gather.
 *
 * @param columns - `[to - from, window height x width x channels]`
 * @param pictures - `[batch, inHeight, inWidth, channels]`; what falls on padding is dropped
 */
export function scatterPatches(
  geometry: WindowGeometry,
  columns: Float32Array,
  from: number,
  to: number,
  pictures: Float32Array,
): void {
  const { inHeight, inWidth, channels, windowHeight, windowWidth, strideHeight, strideWidth, padTop, padLeft } =
    geometry;
  const width = windowWidth * channels;
  const size = windowSize(geometry);
  let position = 0;
  for (const segment of rowSegments(geometry, from, to)) {
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

/** Most values that a kernel keeps in patches at once: 8 MB. */
const PATCH_BUDGET = 2_000_000;

/** Cuts `0..positions - 1` into stretches whose patches fit the budget, the same for the same geometry. */
export function patchChunks(geometry: WindowGeometry, positions: number): (readonly [from: number, to: number])[] {
  const length = Math.max(1, Math.floor(PATCH_BUDGET / windowSize(geometry)));
  const chunks: (readonly [number, number])[] = [];
  for (let from = 0; from < positions; from += length) chunks.push([from, Math.min(positions, from + length)]);
  return chunks;
}
