import { CommonweightError } from "@commonweight/sdk/errors";
import type { FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";
import type { Samples } from "../model/tensors.ts";
import { scalerOf } from "./scaling.ts";

/** Encoding of a slice's values: bytes before scaling (scaled when read), or float32 after scaling. */
export type SliceEncoding = "uint8" | "float32";

/** Format of a slice, from its manifest. */
export interface SliceFormat {
  readonly encoding: SliceEncoding;
  /** Values of one sample. */
  readonly features: number;
  readonly classes: number;
  /** How the source's values became the samples' values. */
  readonly scaling: FeatureScaling;
}

/** The slice's header begins with "CWDS", version 1, the encoding's number and two zero bytes. */
const MAGIC = 0x43574453;
const VERSION = 1;
const HEADER_BYTES = 16;
const LABEL_BYTES = 2;
const ENCODINGS: Readonly<Record<SliceEncoding, { readonly id: number; readonly bytes: number }>> = {
  uint8: { id: 0, bytes: 1 },
  float32: { id: 1, bytes: 4 },
};

/** Exact size in bytes of a slice of `count` samples. */
export function sliceSize(count: number, { encoding, features }: Pick<SliceFormat, "encoding" | "features">): number {
  return HEADER_BYTES + count * bytesPerSample({ encoding, features });
}

/** Bytes per sample in a slice. */
export function bytesPerSample({ encoding, features }: Pick<SliceFormat, "encoding" | "features">): number {
  return LABEL_BYTES + features * ENCODINGS[encoding].bytes;
}

/**
 * `uint8` if bytes restore exactly these values by the scaling; else `float32`.
 *
 * @param features values of one sample
 */
export function encodingFor(values: Float32Array, scaling: FeatureScaling, features: number): SliceEncoding {
  const { scaled, original } = scalerOf(scaling, features);
  const exact = values.every((value, at) => {
    const byte = original(value, at % features);
    return byte >= 0 && byte <= 255 && Object.is(Math.fround(scaled(byte, at % features)), value);
  });
  return exact ? "uint8" : "float32";
}

/**
 * Writes samples as a slice. Little-endian throughout:
 *
 * | bytes | what |
 * |---|---|
 * | 0..3 | `CWDS` |
 * | 4 | version, 1 |
 * | 5 | encoding, 0 = uint8, 1 = float32 |
 * | 6..7 | 0 |
 * | 8..11 | samples |
 * | 12..15 | values of one sample |
 * | then | labels, uint16 each; values, sample after sample |
 */
export function encodeSlice(samples: Samples, format: SliceFormat): Uint8Array {
  const { count, labels, features } = samples;
  const bytes = new Uint8Array(sliceSize(count, format));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint8(4, VERSION);
  view.setUint8(5, ENCODINGS[format.encoding].id);
  view.setUint32(8, count, true);
  view.setUint32(12, format.features, true);
  bytes.set(asBytes(labels), HEADER_BYTES);
  bytes.set(encodeValues(features, format), HEADER_BYTES + count * LABEL_BYTES);
  return bytes;
}

/**
 * Decodes an untrusted slice. Accepts exactly the bytes that `encodeSlice` writes for this format and sample count.
 *
 * Checks in this order:
 * - header: DATASET_SLICE_TRUNCATED · _MAGIC · _VERSION · _ENCODING · _RESERVED · _COUNT · _SHAPE
 * - data: DATASET_SLICE_TRUNCATED · _OVERSIZED · _LABEL · _NOT_FINITE
 *
 * @param count number of samples in the manifest
 */
export function decodeSlice(bytes: Uint8Array, count: number, format: SliceFormat): Samples {
  checkHeader(bytes, count, format);
  const labelsEnd = HEADER_BYTES + count * LABEL_BYTES;
  const labels = new Uint16Array(copyBuffer(bytes.subarray(HEADER_BYTES, labelsEnd)));
  const wrong = labels.find((label) => label >= format.classes);
  if (wrong !== undefined) throw refuse("LABEL", `label ${wrong} of ${format.classes} classes`);
  return { count, labels, features: decodeValues(bytes.subarray(labelsEnd), format) };
}

function encodeValues(values: Float32Array, { encoding, scaling, features }: SliceFormat): ArrayLike<number> {
  if (encoding === "float32") return asBytes(values);
  const { original } = scalerOf(scaling, features);
  return values.map((value, at) => original(value, at % features));
}

function decodeValues(data: Uint8Array, format: SliceFormat): Float32Array {
  const values = format.encoding === "uint8" ? scaleBytes(data, format) : new Float32Array(copyBuffer(data));
  if (!values.every(Number.isFinite)) throw refuse("NOT_FINITE", "a value is NaN or infinite");
  return values;
}

function scaleBytes(data: Uint8Array, { scaling, features }: SliceFormat): Float32Array {
  const { scaled } = scalerOf(scaling, features);
  const values = new Float32Array(data.length);
  for (let at = 0; at < data.length; at++) values[at] = scaled(data[at] ?? 0, at % features);
  return values;
}

function checkHeader(bytes: Uint8Array, count: number, format: SliceFormat): void {
  if (bytes.length < HEADER_BYTES) throw refuse("TRUNCATED", `${bytes.length} bytes have no header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== MAGIC) throw refuse("MAGIC", "it does not start with CWDS");
  if (view.getUint8(4) !== VERSION) throw refuse("VERSION", `version ${view.getUint8(4)}`);
  if (view.getUint8(5) !== ENCODINGS[format.encoding].id) throw refuse("ENCODING", `encoding ${view.getUint8(5)}`);
  if (view.getUint16(6) !== 0) throw refuse("RESERVED", "bytes 6 and 7 are not 0");
  const [samples, features] = [view.getUint32(8, true), view.getUint32(12, true)];
  if (samples !== count) throw refuse("COUNT", `${samples} samples instead of ${count}`);
  if (features !== format.features) throw refuse("SHAPE", `${features} values a sample instead of ${format.features}`);
  const expected = sliceSize(count, format);
  if (bytes.length < expected) throw refuse("TRUNCATED", `${bytes.length} bytes instead of ${expected}`);
  if (bytes.length > expected) throw refuse("OVERSIZED", `${bytes.length} bytes instead of ${expected}`);
}

function asBytes(array: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function copyBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function refuse(condition: string, what: string): CommonweightError {
  return new CommonweightError(
    `DATASET_SLICE_${condition}`,
    `not a valid slice of this data set: ${what}`,
    "The publisher of the data set must pack it again with `commonweight data pack`.",
  );
}
