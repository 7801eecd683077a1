import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import fc from "fast-check";

import { loadDataSetFolder } from "../../../trainer/data/folders/data-set-folder.ts";
import { decodeManifest, encodeManifest, type DataSetManifest } from "../../../trainer/data/data-set-manifest.ts";
import { fetchHoldout, fetchManifest, fetchPart, fetchSlice, publishDataSet } from "../../../trainer/data/data-set.ts";
import { decodeSlice, encodeSlice, encodingFor, type SliceFormat } from "../../../trainer/data/data-slice.ts";
import { scaleData, type LabelledData } from "../../../trainer/data/labelled-data.ts";
import { planDataSet, selectSamples } from "../../../trainer/data/split.ts";
import { parseTable } from "../../../trainer/data/tables/parse-table.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { itRefuses, refusalOf, utf8, type HostileCase } from "../../helpers/refusals.ts";

const DATA = fileURLToPath(new URL("../../../experiments/data", import.meta.url));
const MUTATIONS = Number(process.env["CW_MUTATIONS"] ?? 20_000);
const { signal } = new AbortController();

const BYTES: SliceFormat = { encoding: "uint8", features: 2, classes: 3, scaling: { kind: "divisor", divisor: 16 } };
const FLOATS: SliceFormat = { encoding: "float32", features: 2, classes: 3, scaling: { kind: "divisor", divisor: 1 } };
const SCALING_255 = { kind: "divisor", divisor: 255 } as const;
const SAMPLES = { count: 2, features: Float32Array.of(0, 1, 0.5, 0.0625), labels: Uint16Array.of(2, 0) };
const SLICE = encodeSlice(SAMPLES, BYTES);

const sliceWith = (at: number, ...bytes: number[]) => {
  const slice = SLICE.slice();
  slice.set(bytes, at);
  return slice;
};

const HOSTILE_SLICES: readonly (readonly [string, string, Uint8Array, SliceFormat])[] = [
  ["an empty slice", "TRUNCATED", new Uint8Array(), BYTES],
  ["half a header", "TRUNCATED", SLICE.slice(0, 15), BYTES],
  ["another file's bytes", "MAGIC", utf8("<!doctype html><html>"), BYTES],
  ["version 2", "VERSION", sliceWith(4, 2), BYTES],
  ["an unknown encoding", "ENCODING", sliceWith(5, 9), BYTES],
  ["an encoding other than the manifest's", "ENCODING", SLICE, FLOATS],
  ["reserved bytes in use", "RESERVED", sliceWith(7, 1), BYTES],
  ["a sample more than promised", "COUNT", sliceWith(8, 3), BYTES],
  ["4,294,967,295 samples", "COUNT", sliceWith(8, 255, 255, 255, 255), BYTES],
  ["samples of another size", "SHAPE", sliceWith(12, 3), BYTES],
  ["4,294,967,295 values a sample", "SHAPE", sliceWith(12, 255, 255, 255, 255), BYTES],
  ["a slice one byte short", "TRUNCATED", SLICE.slice(0, -1), BYTES],
  ["a trailing byte", "OVERSIZED", Uint8Array.of(...SLICE, 0), BYTES],
  ["a label that is no class", "LABEL", sliceWith(16, 3), BYTES],
  ["a label of 65535", "LABEL", sliceWith(18, 255, 255), BYTES],
  [
    "a value that is NaN",
    "NOT_FINITE",
    encodeSlice({ ...SAMPLES, features: SAMPLES.features.with(3, NaN) }, FLOATS),
    FLOATS,
  ],
  [
    "an infinite value",
    "NOT_FINITE",
    encodeSlice({ ...SAMPLES, features: SAMPLES.features.with(0, -Infinity) }, FLOATS),
    FLOATS,
  ],
];

describe("a slice", () => {
  itRefuses(
    HOSTILE_SLICES.map(([name, condition, bytes, format]): HostileCase => {
      return [name, `DATASET_SLICE_${condition}`, () => decodeSlice(bytes, 2, format)];
    }),
  );

  it("gives back the samples to the bit", () => {
    expect(decodeSlice(SLICE, 2, BYTES)).to.deep.equal(SAMPLES);
    const odd = { ...SAMPLES, features: Float32Array.of(-0.3, 1e-40, 7, 0.1) };
    expect(decodeSlice(encodeSlice(odd, FLOATS), 2, FLOATS)).to.deep.equal(odd);
  });

  it("stores bytes only if bytes represent every value exactly", () => {
    expect(
      encodingFor(
        Float32Array.from({ length: 256 }, (_, byte) => byte / 255),
        SCALING_255,
        1,
      ),
    ).to.equal("uint8");
    for (const value of [-1 / 255, 256 / 255, 0.5, -0]) {
      expect(encodingFor(Float32Array.of(value), SCALING_255, 1)).to.equal("float32");
    }
  });
});

const ID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const part = { samples: 2, slices: [{ id: ID, samples: 2, bytes: 24 }] };
const MANIFEST: DataSetManifest = {
  version: 1,
  inputShape: [2],
  classes: 3,
  classNames: ["a", "b", "c"],
  scaling: { kind: "divisor", divisor: 16 },
  encoding: "uint8",
  parts: [part],
  holdout: { samples: 0, slices: [] },
};
const TEXT = new TextDecoder().decode(encodeManifest(MANIFEST));

const changed = (from: string | RegExp, to: string) => {
  const text = TEXT.replace(from, to);
  expect(text).not.to.equal(TEXT);
  return utf8(text);
};
const withParts = (parts: readonly unknown[]) => utf8(JSON.stringify({ ...MANIFEST, parts }));
const withSlice = (slice: object) => withParts([{ ...part, slices: [{ ...part.slices[0], ...slice }] }]);

const COLUMNS = '{"kind":"columns","means":[1.5,-2e-7],"scales":[0.1,3]}';
const withColumns = (means: readonly unknown[], scales: readonly number[]) =>
  changed(/"scaling":\{[^}]*\}/, `"scaling":${JSON.stringify({ kind: "columns", means, scales })}`);

const HOSTILE_MANIFESTS: readonly (readonly [string, string, Uint8Array])[] = [
  ["an empty manifest", "SYNTAX", new Uint8Array()],
  ["a manifest of 1 MiB and one byte", "TOO_LARGE", new Uint8Array(1_048_577).fill(0x20)],
  ["bytes that are not UTF-8", "SYNTAX", Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d)],
  ["half a manifest", "SYNTAX", utf8(TEXT.slice(0, 80))],
  ["500,000 brackets", "DEPTH", utf8("[".repeat(500_000))],
  ["the key __proto__", "UNSAFE", changed("{", '{"__proto__":{"classes":9},')],
  ["a key twice", "DUPLICATE", changed('"classes":3', '"classes":3,"classes":4')],
  ["a list", "SCHEMA", utf8("[]")],
  ["an unknown key", "SCHEMA", changed("{", '{"url":"http://169.254.169.254/",')],
  ["a missing key", "SCHEMA", changed('"classes":3,', "")],
  ["an empty column name", "SCHEMA", changed('"encoding"', '"columnNames":["a",""],"encoding"')],
  ["a column name of two lines", "SCHEMA", changed('"encoding"', '"columnNames":["a","b\\nc"],"encoding"')],
  [
    "a column name of 81 letters",
    "SCHEMA",
    changed('"encoding"', `"columnNames":["a","${"b".repeat(81)}"],"encoding"`),
  ],
  ["1,025 column names", "SCHEMA", changed('"encoding"', `"columnNames":[${'"a",'.repeat(1_024)}"a"],"encoding"`)],
  ["one column name for two columns", "INCONSISTENT", changed('"encoding"', '"columnNames":["a"],"encoding"')],
  ["version 2", "SCHEMA", changed('"version":1', '"version":2')],
  ["one class", "SCHEMA", changed('"classes":3', '"classes":1')],
  ["a million classes", "SCHEMA", changed('"classes":3', '"classes":1000000')],
  ["a scale of 0", "SCHEMA", changed('"divisor":16', '"divisor":0')],
  ["a scale below 0", "SCHEMA", changed('"divisor":16', '"divisor":-16')],
  ["a scale of infinity", "SCHEMA", changed('"divisor":16', '"divisor":1e999')],
  ["a column's scale of 0", "SCHEMA", withColumns([0, 0], [1, 0])],
  ["a column's scale of 1e31", "SCHEMA", withColumns([0, 0], [1, 1e31])],
  ["a mean of 1e31", "SCHEMA", withColumns([1e31, 0], [1, 1])],
  ["a mean that is a text", "SCHEMA", withColumns(["0", 0], [1, 1])],
  ["more means than scales", "SCHEMA", withColumns([0, 0], [1])],
  ["means for 8,193 columns", "SCHEMA", withColumns(Array<number>(8_193).fill(0), Array<number>(8_193).fill(1))],
  ["means for three columns of two", "INCONSISTENT", withColumns([0, 0, 0], [1, 1, 1])],
  ["a mean of -0", "NOT_CANONICAL", changed(/"scaling":\{[^}]*\}/, `"scaling":${COLUMNS.replace("[1.5", "[-0")}`)],
  ["a class without a name", "INCONSISTENT", changed('"a","b","c"', '"a","b"')],
  ["two classes of one name", "INCONSISTENT", changed('"a","b","c"', '"a","b","b"')],
  ["an empty class name", "SCHEMA", changed('"a","b","c"', '"a","b",""')],
  ["a class name of 81 letters", "SCHEMA", changed('"a"', `"${"a".repeat(81)}"`)],
  ["a class name with a line end", "SCHEMA", changed('"a"', '"a\\nb"')],
  ["an unknown encoding", "SCHEMA", changed("uint8", "pickle")],
  ["a shape of two sizes", "SCHEMA", changed('"inputShape":[2]', '"inputShape":[2,1]')],
  ["a shape of 0", "SCHEMA", changed('"inputShape":[2]', '"inputShape":[0]')],
  ["1,025 parts", "SCHEMA", withParts(Array.from({ length: 1_025 }, () => part))],
  ["an address for a content id", "SCHEMA", withSlice({ id: "https://example.org/slice" })],
  ["a content id of version 0", "SCHEMA", withSlice({ id: "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG" })],
  ["an identity hash", "SCHEMA", withSlice({ id: "bafkqaaa" })],
  ["a content id of 10,000 letters", "SCHEMA", withSlice({ id: `b${"a".repeat(10_000)}` })],
  ["a slice of 2 MiB", "SCHEMA", withSlice({ bytes: 2_097_152 })],
  ["half a sample", "SCHEMA", withSlice({ samples: 1.5 })],
  ["a slice of no samples", "SCHEMA", withSlice({ samples: 0 })],
  ["an empty part", "INCONSISTENT", withParts([{ samples: 0, slices: [] }])],
  ["samples that no slice has", "INCONSISTENT", withParts([{ ...part, samples: 3 }])],
  ["9,007,199,254,740,991 samples", "INCONSISTENT", withParts([{ ...part, samples: Number.MAX_SAFE_INTEGER }])],
  ["a slice whose size is not its samples'", "INCONSISTENT", withSlice({ bytes: 25 })],
  ["samples of 2^40 values", "INCONSISTENT", changed('"inputShape":[2]', `"inputShape":[${2 ** 40}]`)],
  ["white space", "NOT_CANONICAL", utf8(`${TEXT}\n`)],
  ["a number in another form", "NOT_CANONICAL", changed('"divisor":16', '"divisor":16.0')],
  ["keys in another order", "NOT_CANONICAL", utf8(JSON.stringify(MANIFEST))],
];

describe("a data set's manifest", () => {
  itRefuses(
    HOSTILE_MANIFESTS.map(([name, condition, bytes]): HostileCase => {
      return [name, `DATASET_MANIFEST_${condition}`, () => decodeManifest(bytes)];
    }),
  );

  it("is read as it was written", () => {
    expect(decodeManifest(utf8(TEXT))).to.deep.equal(MANIFEST);
  });

  it("reads one without parts: trainers bring their own data, and the holdout is common", () => {
    const holdoutOnly = { ...MANIFEST, parts: [] };
    expect(decodeManifest(encodeManifest(holdoutOnly))).to.deep.equal(holdoutOnly);
  });

  it(`never crashes on ${MUTATIONS / 10} mutated manifests, and what it accepts serialises to the same bytes`, function () {
    this.timeout(120_000);
    const edit = fc.tuple(fc.nat(TEXT.length - 1), fc.constantFrom(...'0123456789-.,:{}[]"aey \\'));
    const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((before, [at, char]) => before.slice(0, at) + char + before.slice(at + 1), TEXT);
      let manifest: DataSetManifest;
      try {
        manifest = decodeManifest(utf8(text));
      } catch (error) {
        expect(error)
          .to.have.property("code")
          .that.matches(/^DATASET_MANIFEST_/);
        return;
      }
      expect(new TextDecoder().decode(encodeManifest(manifest))).to.equal(text);
    });
    fc.assert(property, { numRuns: MUTATIONS / 10, seed: 7 });
  });
});

/** What a data set of two numbered classes has beside its samples. */
const labelled = (divisor: number) =>
  ({
    classNames: ["0", "1"],
    scaling: { kind: "divisor", divisor },
    report: { understood: [], warnings: [] },
  }) as const;

describe("a published data set", () => {
  const publish = async (store: MemoryStore, data: LabelledData, parts = 3) => {
    const options = { parts, rule: { kind: "iid" }, holdoutShare: 0.2, seed: "a" } as const;
    const plan = planDataSet(data.samples.labels, options);
    return { plan, published: await publishDataSet(store, { data, plan }, signal) };
  };

  it("comes back part by part as it was, in slices of at most 1 MiB, and only what is asked for", async () => {
    const data = await loadDataSetFolder(join(DATA, "mnist10k"));
    const store = new MemoryStore();
    const { plan, published } = await publish(store, data);
    const manifest = await fetchManifest(store, published.id, { bytes: published.bytes }, signal);
    expect(manifest).to.deep.equal(published.manifest);
    expect(manifest.encoding).to.equal("uint8");

    store.fetched.length = 0;
    const second = await fetchPart(store, manifest, 1, signal);
    expect(second).to.deep.equal(selectSamples(data.samples, plan.parts[1]!));
    const slices = manifest.parts[1]!.slices;
    expect(slices.length).to.be.greaterThan(1);
    expect(store.fetched.map(({ id, limits }) => ({ id, bytes: limits.maxBytes }))).to.deep.equal(
      slices.map(({ id, bytes }) => ({ id, bytes })),
    );
    for (const { id, bytes } of slices) {
      expect(store.files.get(id)).to.have.length(bytes);
      expect(bytes).to.be.at.most(1_048_576);
    }
    expect(await fetchHoldout(store, manifest, signal)).to.deep.equal(selectSamples(data.samples, plan.holdout));
  });

  it("has the same content id whoever publishes it", async () => {
    const data = await loadDataSetFolder(join(DATA, "digits"));
    const first = await publish(new MemoryStore(), data);
    const second = await publish(new MemoryStore(), await loadDataSetFolder(join(DATA, "digits")));
    expect(second.published.id).to.equal(first.published.id);
  });

  it("keeps values that are not bytes as float32, and may have no holdout", async () => {
    const samples = { count: 2, features: Float32Array.of(0.1, -0.7), labels: Uint16Array.of(0, 1) };
    const store = new MemoryStore();
    const data = { samples, inputShape: [1], classes: 2, ...labelled(3) } as const;
    const plan = { parts: [Uint32Array.of(1), Uint32Array.of(0)], holdout: new Uint32Array(), shards: [] };
    const { manifest } = await publishDataSet(store, { data, plan }, signal);
    expect(manifest.encoding).to.equal("float32");
    expect([...(await fetchPart(store, manifest, 0, signal)).features]).to.deep.equal([Math.fround(-0.7)]);
    expect((await fetchHoldout(store, manifest, signal)).count).to.equal(0);
  });

  it("names the columns of a table with a header, in the order of a sample's values", async () => {
    const table = (lines: string) => scaleData(parseTable({ name: "a.csv", bytes: utf8(lines) }), "none");
    const rows = "1,ant,2\n3,bee,4\n5,ant,6\n7,bee,8\n";
    const named = await publish(new MemoryStore(), table(`width,species,"height, cm"\n${rows}`), 1);
    expect(named.published.manifest.columnNames).to.deep.equal(["width", "height, cm"]);
    const unnamed = await publish(new MemoryStore(), table(rows), 1);
    expect(unnamed.published.manifest).not.to.have.property("columnNames");
  });

  it("is refused if a slice is missing, forged or too long, or the part unknown", async () => {
    const store = new MemoryStore();
    const { published } = await publish(store, await loadDataSetFolder(join(DATA, "digits")));
    const { manifest } = published;
    const slice = manifest.parts[0]!.slices[0]!;
    const fetched = (id: string) => fetchSlice(store, manifest, { ...slice, id }, signal);
    expect(await refusalOf(() => fetchPart(store, manifest, 3, signal))).to.equal("DATASET_PART_UNKNOWN");
    expect(await refusalOf(() => fetched(ID))).to.equal("CONTENT_UNAVAILABLE");
    const forged = await store.add(new Uint8Array(slice.bytes));
    expect(await refusalOf(() => fetched(forged))).to.equal("DATASET_SLICE_MAGIC");
    const longer = await store.add(new Uint8Array(slice.bytes + 1));
    expect(await refusalOf(() => fetched(longer))).to.equal("CONTENT_TOO_LARGE");
  });

  it("is not published with samples that no slice holds, nor after an abort", async () => {
    const wide = { count: 2, features: new Float32Array(2 * 300_000).fill(0.3), labels: Uint16Array.of(0, 1) };
    const data = { samples: wide, inputShape: [300_000], classes: 2, ...labelled(1) } as const;
    const plan = { parts: [Uint32Array.of(0, 1)], holdout: new Uint32Array(), shards: [] };
    expect(await refusalOf(() => publishDataSet(new MemoryStore(), { data, plan }, signal))).to.equal(
      "DATASET_SAMPLE_TOO_LARGE",
    );
    const store = new MemoryStore();
    const stopped = publishDataSet(
      store,
      { data: await loadDataSetFolder(join(DATA, "digits")), plan },
      AbortSignal.abort(),
    );
    expect(await stopped.catch((error: unknown) => error)).to.have.property("name", "AbortError");
    expect(store.files.size).to.equal(0);
  });
});
