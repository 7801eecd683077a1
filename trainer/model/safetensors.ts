import { CommonweightError } from "@commonweight/sdk/errors";
import type { Weights } from "./tensors.ts";
import type { TensorLayout } from "./model-layout.ts";
import { parseStrictJson, type JsonFault } from "./strict-json.ts";

/** Maximum size of a header, in bytes. */
export const MAX_HEADER_BYTES = 65_536;

/** Maximum model version in a file; a job has fewer rounds. */
export const MAX_MODEL_VERSION = 99_999;

const METADATA = "__metadata__";
const DECIMAL = /^(0|[1-9][0-9]{0,4})$/;
const LENGTH_BYTES = 8;
const VALUE_BYTES = 4;
/**
 * The reference implementation pads its header with spaces to this alignment, so that the data can be memory-mapped.
 */
const ALIGNMENT = 8;

/** Weights and, if the file has it, the version of the model that they were trained from. */
export interface VersionedWeights {
  readonly weights: Weights;
  readonly modelVersion: number | undefined;
}

/** Exact size in bytes of the file from `writeSafetensors`: the only size that `readSafetensors` accepts. */
export function safetensorsSize(layout: readonly TensorLayout[], modelVersion?: number): number {
  return LENGTH_BYTES + encodeHeader(layout, metadataOf(modelVersion)).length + dataSize(layout);
}

/**
 * Encodes weights as a safetensors file (https://github.com/huggingface/safetensors, "Format").
 *
 * All tensors are F32, in the layout's order, without gaps: a weight vector has exactly one file, hence one content id.
 * The only `__metadata__`, present if a version is given, is `{"modelVersion":"<decimal>"}` before the tensors. Needs a
 * little-endian machine, as all of Node.js's platforms but s390x are.
 *
 * @param weights as many values as the layout has
 * @param modelVersion of the model that an update was trained from, 0 to `MAX_MODEL_VERSION`; for jobs with
 * `maxStaleness`
 * @throws WEIGHTS_LENGTH not as many values as the layout has · WEIGHTS_HEADER_TOO_LARGE the layout is too long ·
 * WEIGHTS_NOT_FINITE a value is NaN or infinite
 */
export function writeSafetensors(layout: readonly TensorLayout[], weights: Weights, modelVersion?: number): Uint8Array {
  if (weights.length * VALUE_BYTES !== dataSize(layout)) {
    throw refuse("WEIGHTS_LENGTH", `${weights.length} values for a layout of ${dataSize(layout) / VALUE_BYTES}`);
  }
  requireFinite(weights);
  return withHeader(encodeHeader(layout, metadataOf(modelVersion)), weights);
}

/** Joins an encoded header and the values to a file. */
export function withHeader(header: Uint8Array, weights: Weights): Uint8Array {
  const file = new Uint8Array(LENGTH_BYTES + header.length + weights.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, LENGTH_BYTES);
  file.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength), LENGTH_BYTES + header.length);
  return file;
}

/**
 * Reads an untrusted safetensors file into one flat vector, laid out by `layout`.
 *
 * Accepts exactly the bytes that `writeSafetensors` writes for these weights. The order of the checks is fixed, so that
 * every validator refuses a file with the same code:
 *
 * 1. WEIGHTS_TRUNCATED: no 8 bytes of header length · WEIGHTS_HEADER_TOO_LARGE · WEIGHTS_TRUNCATED: header cut off
 * 2. WEIGHTS_HEADER_SYNTAX (UTF-8, JSON, an object) · WEIGHTS_HEADER_DEPTH · WEIGHTS_HEADER_UNSAFE (`__proto__`)
 *    · WEIGHTS_HEADER_DUPLICATE
 * 3. WEIGHTS_METADATA: the header has any `__metadata__`
 * 4. WEIGHTS_NAMES: a tensor is missing, extra or out of order
 * 5. tensor by tensor WEIGHTS_ENTRY (other than dtype, shape, data_offsets) · WEIGHTS_DTYPE · WEIGHTS_SHAPE ·
 *    WEIGHTS_OFFSETS (overlap, hole, out of bounds)
 * 6. WEIGHTS_TRUNCATED · WEIGHTS_OVERSIZED: the data
 * 7. WEIGHTS_NOT_CANONICAL: the header is right but encoded in other bytes
 * 8. WEIGHTS_NOT_FINITE
 *
 * @returns a copy of the data
 */
export function readSafetensors(bytes: Uint8Array, layout: readonly TensorLayout[]): Weights {
  return readParts(bytes, layout, requireNoMetadata).weights;
}

/**
 * Like `readSafetensors`, for files that may have the version of the model that the weights were trained from: check 3
 * (WEIGHTS_METADATA) allows `{"modelVersion":"<decimal>"}` with at most five digits and no leading zeros.
 */
export function readVersionedSafetensors(bytes: Uint8Array, layout: readonly TensorLayout[]): VersionedWeights {
  return readParts(bytes, layout, modelVersionIn);
}

function readParts(
  bytes: Uint8Array,
  layout: readonly TensorLayout[],
  versionIn: (header: Header) => number | undefined,
): VersionedWeights {
  const headerBytes = readHeaderBytes(bytes);
  const header = parseHeader(headerBytes);
  const modelVersion = versionIn(header);
  checkTensors(header, layout);
  const data = bytes.subarray(LENGTH_BYTES + headerBytes.length);
  checkDataSize(data.length, dataSize(layout));
  if (!equal(headerBytes, encodeHeader(layout, metadataOf(modelVersion)))) {
    throw refuse("WEIGHTS_NOT_CANONICAL", "the header is not in canonical form");
  }
  const weights = new Float32Array(data.length / VALUE_BYTES);
  new Uint8Array(weights.buffer).set(data);
  requireFinite(weights);
  return { weights, modelVersion };
}

type Header = Readonly<Record<string, unknown>>;

function readHeaderBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < LENGTH_BYTES) throw refuse("WEIGHTS_TRUNCATED", `${bytes.length} bytes have no header length`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw refuse("WEIGHTS_HEADER_TOO_LARGE", `the header has ${length} bytes, more than ${MAX_HEADER_BYTES}`);
  }
  const end = LENGTH_BYTES + Number(length);
  if (end > bytes.length) throw refuse("WEIGHTS_TRUNCATED", `the header ends at ${end}, the file at ${bytes.length}`);
  return bytes.subarray(LENGTH_BYTES, end);
}

function parseHeader(header: Uint8Array): Header {
  const json = parseStrictJson(header);
  if (!json.ok) throw refuse(HEADER_CODES[json.fault], `the header is not safe JSON: ${json.fault}`);
  if (!isRecord(json.value)) throw refuse("WEIGHTS_HEADER_SYNTAX", "the header is not a JSON object");
  return json.value;
}

const HEADER_CODES: Readonly<Record<JsonFault, string>> = {
  utf8: "WEIGHTS_HEADER_SYNTAX",
  syntax: "WEIGHTS_HEADER_SYNTAX",
  depth: "WEIGHTS_HEADER_DEPTH",
  "unsafe-key": "WEIGHTS_HEADER_UNSAFE",
  "duplicate-key": "WEIGHTS_HEADER_DUPLICATE",
};

function requireNoMetadata(header: Header): undefined {
  if (Object.hasOwn(header, METADATA)) throw refuse("WEIGHTS_METADATA", `the header has ${METADATA}`);
}

function modelVersionIn(header: Header): number | undefined {
  if (!Object.hasOwn(header, METADATA)) return undefined;
  const metadata = header[METADATA];
  const version = isRecord(metadata) && Object.keys(metadata).join() === "modelVersion" && metadata["modelVersion"];
  if (typeof version === "string" && DECIMAL.test(version)) return Number(version);
  throw refuse("WEIGHTS_METADATA", `${METADATA} is not {"modelVersion":"<decimal>"}`);
}

function checkTensors(header: Header, layout: readonly TensorLayout[]): void {
  const names = Object.keys(header).filter((name) => name !== METADATA);
  // JavaScript objects list integer-like names first, whatever their order in the file; check 7 catches a wrong order.
  const expected = Object.keys(Object.fromEntries(layout.map(({ name }) => [name, 0])));
  if (names.length !== expected.length || names.some((name, index) => name !== expected[index])) {
    throw refuse("WEIGHTS_NAMES", `tensors [${quote(names)}] instead of [${quote(expected)}]`);
  }
  for (const slot of layout) checkEntry(slot, header[slot.name]);
}

function checkEntry(slot: TensorLayout, entry: unknown): void {
  const { name, shape } = slot;
  if (!isRecord(entry) || Object.keys(entry).sort().join() !== "data_offsets,dtype,shape") {
    throw refuse("WEIGHTS_ENTRY", `${name} does not have exactly dtype, shape and data_offsets`);
  }
  if (entry["dtype"] !== "F32") throw refuse("WEIGHTS_DTYPE", `${name} is not F32`);
  if (!isList(entry["shape"], shape)) throw refuse("WEIGHTS_SHAPE", `${name} is not of shape [${shape.join()}]`);
  if (!isList(entry["data_offsets"], offsetsOf(slot))) {
    throw refuse("WEIGHTS_OFFSETS", `${name} is not at the offsets [${offsetsOf(slot).join()}]`);
  }
}

function checkDataSize(actual: number, expected: number): void {
  if (actual < expected) throw refuse("WEIGHTS_TRUNCATED", `${actual} bytes of data instead of ${expected}`);
  if (actual > expected) throw refuse("WEIGHTS_OVERSIZED", `${actual} bytes of data instead of ${expected}`);
}

function requireFinite(weights: Weights): void {
  const at = weights.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw refuse("WEIGHTS_NOT_FINITE", `value ${at} is ${weights[at]}`);
}

/**
 * Encodes a header: the metadata if there is any, then the tensors in the layout's order.
 *
 * @param most largest size, in bytes
 * @throws WEIGHTS_HEADER_TOO_LARGE
 */
export function encodeHeader(
  layout: readonly TensorLayout[],
  metadata: Readonly<Record<string, string>> | undefined,
  most = MAX_HEADER_BYTES,
): Uint8Array {
  // Entry by entry, because JavaScript objects reorder integer-like names.
  const entries = layout.map((slot) => {
    const entry = { dtype: "F32", shape: slot.shape, data_offsets: offsetsOf(slot) };
    return `${JSON.stringify(slot.name)}:${JSON.stringify(entry)}`;
  });
  const all =
    metadata === undefined ? entries : [`${JSON.stringify(METADATA)}:${JSON.stringify(metadata)}`, ...entries];
  const json = new TextEncoder().encode(`{${all.join(",")}}`);
  const header = new Uint8Array(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  header.set(json);
  if (header.length > most) throw refuse("WEIGHTS_HEADER_TOO_LARGE", `a header of ${header.length} bytes`);
  return header;
}

/** The metadata of an update that names the model it was trained from. */
function metadataOf(modelVersion: number | undefined): Readonly<Record<string, string>> | undefined {
  return modelVersion === undefined ? undefined : { modelVersion: String(modelVersion) };
}

function dataSize(layout: readonly TensorLayout[]): number {
  return layout.reduce((sum, { size }) => sum + size * VALUE_BYTES, 0);
}

function offsetsOf({ offset, size }: TensorLayout): readonly number[] {
  return [offset * VALUE_BYTES, (offset + size) * VALUE_BYTES];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, expected: readonly number[]): boolean {
  return Array.isArray(value) && value.length === expected.length && expected.every((item, at) => value[at] === item);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function quote(names: readonly string[]): string {
  return names.join(", ").slice(0, 200);
}

function refuse(code: string, message: string): CommonweightError {
  return new CommonweightError(
    code,
    `not a valid weights file: ${message}`,
    "Write the tensors of the job's model in its order as F32, as `commonweight` does.",
  );
}
