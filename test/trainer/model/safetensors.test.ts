import { expect } from "chai";
import fc from "fast-check";

import type { TensorLayout } from "../../../trainer/model/model-layout.ts";
import { readSafetensors, safetensorsSize, writeSafetensors } from "../../../trainer/model/safetensors.ts";
import { itRefuses, refusalOf, utf8, type HostileCase } from "../../helpers/refusals.ts";

const LAYOUT: readonly TensorLayout[] = [
  { name: "layer0.kernel", shape: [2, 3], offset: 0, size: 6 },
  { name: "layer0.bias", shape: [3], offset: 6, size: 3 },
];
const WEIGHTS = Float32Array.of(1, -2, 0.5, 3e-40, -0, 6, 7, 8, -9.25);
const VALID = writeSafetensors(LAYOUT, WEIGHTS);
const HEADER = new TextDecoder().decode(VALID.subarray(8, VALID.length - 36)).trimEnd();
const MUTATIONS = Number(process.env["CW_MUTATIONS"] ?? 20_000);

/** A file with any header and data; `length`, the field before the header, defaults to the right value. */
function fileOf(header: string | Uint8Array, data: Uint8Array = new Uint8Array(36), length?: bigint): Uint8Array {
  const raw = typeof header === "string" ? utf8(header) : header;
  const padded = new Uint8Array(Math.ceil(raw.length / 8) * 8).fill(0x20);
  padded.set(raw);
  const file = new Uint8Array(8 + padded.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(padded.length), true);
  file.set(padded, 8);
  file.set(data, 8 + padded.length);
  return file;
}

function headerWith(from: string, to: string): Uint8Array {
  expect(HEADER).to.contain(from);
  return fileOf(HEADER.replace(from, to));
}

function withValue(index: number, bits: number): Uint8Array {
  const file = VALID.slice();
  new DataView(file.buffer).setUint32(file.length - 36 + index * 4, bits, true);
  return file;
}

const kernel = '"layer0.kernel":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}';
const bias = '"layer0.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}';

const HOSTILE: readonly (readonly [string, string, () => Uint8Array])[] = [
  ["an empty file", "WEIGHTS_TRUNCATED", () => new Uint8Array()],
  ["seven bytes", "WEIGHTS_TRUNCATED", () => new Uint8Array(7)],
  ["a header length of 2^64 - 1", "WEIGHTS_HEADER_TOO_LARGE", () => fileOf(HEADER, new Uint8Array(36), 2n ** 64n - 1n)],
  ["a header length of 2^63", "WEIGHTS_HEADER_TOO_LARGE", () => fileOf(HEADER, new Uint8Array(36), 2n ** 63n)],
  ["a header of 64 KiB and one byte", "WEIGHTS_HEADER_TOO_LARGE", () => fileOf(HEADER, undefined, 65_537n)],
  ["a header longer than the file", "WEIGHTS_TRUNCATED", () => fileOf(HEADER, undefined, 4_096n)],
  ["a header of no bytes", "WEIGHTS_HEADER_SYNTAX", () => fileOf("")],
  ["a header that is not UTF-8", "WEIGHTS_HEADER_SYNTAX", () => fileOf(Uint8Array.of(0x7b, 0xff, 0x7d))],
  ["a header behind a byte order mark", "WEIGHTS_HEADER_SYNTAX", () => fileOf(`\uFEFF${HEADER}`)],
  ["a header that is a list", "WEIGHTS_HEADER_SYNTAX", () => fileOf("[]")],
  ["a header that is null", "WEIGHTS_HEADER_SYNTAX", () => fileOf("null")],
  ["an open string", "WEIGHTS_HEADER_SYNTAX", () => fileOf('{"layer0')],
  ["a comma too many", "WEIGHTS_HEADER_SYNTAX", () => headerWith("]}}", "]},}")],
  ["closing brackets only", "WEIGHTS_HEADER_SYNTAX", () => fileOf("}}}}")],
  ["text behind the header", "WEIGHTS_HEADER_SYNTAX", () => fileOf(`${HEADER}{}`)],
  ["a key outside of an object", "WEIGHTS_HEADER_SYNTAX", () => fileOf('"a":1')],
  ["lists nested 20,000 deep", "WEIGHTS_HEADER_DEPTH", () => fileOf(`{"a":${"[".repeat(20_000)}`)],
  ["objects nested 17 deep", "WEIGHTS_HEADER_DEPTH", () => fileOf(`${'{"a":'.repeat(17)}1${"}".repeat(17)}`)],
  ["the key __proto__", "WEIGHTS_HEADER_UNSAFE", () => headerWith('"layer0.bias"', '"__proto__"')],
  ["the key __proto__ in escapes", "WEIGHTS_HEADER_UNSAFE", () => headerWith('"layer0.bias"', '"\\u005f_proto__"')],
  ["a tensor twice", "WEIGHTS_HEADER_DUPLICATE", () => fileOf(`{${kernel},${bias},${bias}}`)],
  [
    "a tensor twice, once in escapes",
    "WEIGHTS_HEADER_DUPLICATE",
    () => fileOf(`{${kernel},${bias},${bias.replace("layer0", "\\u006cayer0")}}`),
  ],
  ["a dtype twice", "WEIGHTS_HEADER_DUPLICATE", () => headerWith('"dtype":"F32"', '"dtype":"I8","dtype" :"F32"')],
  ["metadata", "WEIGHTS_METADATA", () => headerWith("{", '{"__metadata__":{"format":"pt"},')],
  ["no tensors", "WEIGHTS_NAMES", () => fileOf("{}")],
  ["a tensor missing", "WEIGHTS_NAMES", () => fileOf(`{${kernel}}`)],
  ["a tensor too many", "WEIGHTS_NAMES", () => fileOf(`{${kernel},${bias},${bias.replace("bias", "extra")}}`)],
  ["tensors in another order", "WEIGHTS_NAMES", () => fileOf(`{${bias},${kernel}}`)],
  ["a tensor of another name", "WEIGHTS_NAMES", () => headerWith("layer0.bias", "layer0.Bias")],
  ["an entry that is null", "WEIGHTS_ENTRY", () => fileOf(`{${kernel},"layer0.bias":null}`)],
  ["an entry with one key more", "WEIGHTS_ENTRY", () => headerWith('"dtype"', '"strides":[1],"dtype"')],
  ["an entry without offsets", "WEIGHTS_ENTRY", () => headerWith(',"data_offsets":[24,36]', "")],
  ["float16", "WEIGHTS_DTYPE", () => headerWith("F32", "F16")],
  ["a dtype that is a number", "WEIGHTS_DTYPE", () => headerWith('"F32"', "32")],
  ["a transposed shape", "WEIGHTS_SHAPE", () => headerWith("[2,3]", "[3,2]")],
  ["a flat shape", "WEIGHTS_SHAPE", () => headerWith("[2,3]", "[6]")],
  ["a shape of text", "WEIGHTS_SHAPE", () => headerWith("[2,3]", '["2","3"]')],
  ["a shape that is huge", "WEIGHTS_SHAPE", () => headerWith("[2,3]", "[1e300,1e300]")],
  ["tensors that overlap", "WEIGHTS_OFFSETS", () => headerWith("[24,36]", "[12,24]")],
  ["a hole between tensors", "WEIGHTS_OFFSETS", () => headerWith("[24,36]", "[28,40]")],
  ["offsets that are negative", "WEIGHTS_OFFSETS", () => headerWith("[0,24]", "[-24,0]")],
  ["offsets outside of the file", "WEIGHTS_OFFSETS", () => headerWith("[24,36]", "[24,9007199254740993]")],
  ["data one byte short", "WEIGHTS_TRUNCATED", () => VALID.slice(0, -1)],
  ["no data", "WEIGHTS_TRUNCATED", () => fileOf(HEADER, new Uint8Array())],
  ["data one byte long", "WEIGHTS_OVERSIZED", () => Uint8Array.of(...VALID, 0)],
  ["white space in the header", "WEIGHTS_NOT_CANONICAL", () => headerWith('"dtype":', '"dtype": ')],
  ["a name in escapes", "WEIGHTS_NOT_CANONICAL", () => headerWith("layer0.bias", "\\u006cayer0.bias")],
  ["a number in another form", "WEIGHTS_NOT_CANONICAL", () => headerWith("[24,36]", "[24.0,3.6e1]")],
  [
    "entries in another order",
    "WEIGHTS_NOT_CANONICAL",
    () => headerWith('"dtype":"F32","shape":[3]', '"shape":[3],"dtype":"F32"'),
  ],
  ["eight spaces of padding more", "WEIGHTS_NOT_CANONICAL", () => fileOf(`${HEADER}${" ".repeat(8)}`)],
  ["NaN", "WEIGHTS_NOT_FINITE", () => withValue(0, 0x7fc00000)],
  ["a signalling NaN", "WEIGHTS_NOT_FINITE", () => withValue(8, 0x7f800001)],
  ["infinity", "WEIGHTS_NOT_FINITE", () => withValue(4, 0x7f800000)],
  ["minus infinity", "WEIGHTS_NOT_FINITE", () => withValue(4, 0xff800000)],
];

describe("safetensors", () => {
  itRefuses(HOSTILE.map(([name, code, make]): HostileCase => [name, code, () => readSafetensors(make(), LAYOUT)]));

  it("refuses to write non-finite values, or a wrong number of values", async () => {
    const broken = WEIGHTS.with(3, Number.NaN);
    expect(await refusalOf(() => writeSafetensors(LAYOUT, broken))).to.equal("WEIGHTS_NOT_FINITE");
    expect(await refusalOf(() => writeSafetensors(LAYOUT, WEIGHTS.slice(1)))).to.equal("WEIGHTS_LENGTH");
  });

  it("preserves every bit, at any offset in a buffer, in a file of the predicted size", () => {
    expect(VALID.length).to.equal(safetensorsSize(LAYOUT));
    const shifted = new Uint8Array(VALID.length + 3);
    shifted.set(VALID, 3);
    const weights = readSafetensors(shifted.subarray(3), LAYOUT);
    expect(new Uint32Array(weights.buffer)).to.deep.equal(new Uint32Array(WEIGHTS.buffer));
  });

  it("writes the published format: length, JSON, aligned data", () => {
    const length = Number(new DataView(VALID.buffer).getBigUint64(0, true));
    expect(length % 8).to.equal(0);
    expect(JSON.parse(HEADER)).to.deep.equal({
      "layer0.kernel": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
      "layer0.bias": { dtype: "F32", shape: [3], data_offsets: [24, 36] },
    });
    expect(new DataView(VALID.buffer).getFloat32(8 + length + 8, true)).to.equal(0.5);
  });

  it("keeps the order of names that look like numbers", () => {
    const layout = [
      { name: "10", shape: [1], offset: 0, size: 1 },
      { name: "2", shape: [2], offset: 1, size: 2 },
    ];
    const weights = Float32Array.of(1, 2, 3);
    expect(readSafetensors(writeSafetensors(layout, weights), layout)).to.deep.equal(weights);
  });

  it(`never crashes on ${MUTATIONS} mutated files, and what it accepts serialises to the same bytes`, function () {
    this.timeout(120_000);
    const edit = fc.record({
      at: fc.nat(VALID.length - 1),
      byte: fc.nat(255),
      kind: fc.constantFrom("set", "cut", "insert"),
    });
    const outcomes = { accepted: 0, refused: 0 };
    const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const file = edits.reduce(mutate, VALID);
      let weights: Float32Array;
      try {
        weights = readSafetensors(file, LAYOUT);
      } catch (error) {
        expect(error)
          .to.have.property("code")
          .that.matches(/^WEIGHTS_/);
        outcomes.refused++;
        return;
      }
      outcomes.accepted++;
      expect(Buffer.compare(writeSafetensors(LAYOUT, weights), file)).to.equal(0);
    });
    fc.assert(property, { numRuns: MUTATIONS, seed: 7 });
    // Both cases must occur, or the property is vacuous for one of them.
    expect(outcomes.accepted).to.be.greaterThan(MUTATIONS / 200);
    expect(outcomes.refused).to.be.greaterThan(MUTATIONS / 200);
  });
});

function mutate(file: Uint8Array, edit: { at: number; byte: number; kind: string }): Uint8Array {
  if (edit.kind === "set") return file.with(Math.min(edit.at, file.length - 1), edit.byte);
  const bytes = [...file];
  if (edit.kind === "cut") bytes.splice(edit.at, 1 + (edit.byte % 8));
  else bytes.splice(edit.at, 0, edit.byte);
  return Uint8Array.from(bytes);
}
