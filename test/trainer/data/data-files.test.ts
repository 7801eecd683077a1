import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { expect } from "chai";

import { loadDataSetFolder } from "../../../trainer/data/folders/data-set-folder.ts";
import { parseIdx } from "../../../trainer/data/idx.ts";
import { scaleData, type DataOptions } from "../../../trainer/data/labelled-data.ts";
import { unpack } from "../../../trainer/data/source-file.ts";
import { parseTable } from "../../../trainer/data/tables/parse-table.ts";
import { itRefuses, refusalOf, utf8 } from "../../helpers/refusals.ts";

const DATA = fileURLToPath(new URL("../../../experiments/data", import.meta.url));

function idx(magic: number, sizes: readonly number[], data: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  for (const [at, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * at);
  return Uint8Array.from([...header, ...data]);
}

const IMAGES = idx(0x803, [2, 1, 3], [0, 51, 255, 1, 2, 3]);
const LABELS = idx(0x801, [2], [1, 0]);
const readPair = (images: Uint8Array, labels: Uint8Array) => () =>
  scaleData(parseIdx({ name: "a-images", bytes: images }, { name: "a-labels", bytes: labels }), undefined);
const readTable =
  (text: string | Uint8Array, options: DataOptions = {}) =>
  () =>
    scaleData(
      parseTable({ name: "a.csv", bytes: typeof text === "string" ? utf8(text) : text }, options),
      options.scaling,
    );

describe("IDX files", () => {
  itRefuses([
    ["an empty file", "DATASET_IDX_TRUNCATED", readPair(new Uint8Array(), LABELS)],
    ["half a header", "DATASET_IDX_TRUNCATED", readPair(IMAGES.slice(0, 15), LABELS)],
    ["labels in place of pictures", "DATASET_IDX_MAGIC", readPair(LABELS, LABELS)],
    ["pictures in place of labels", "DATASET_IDX_MAGIC", readPair(IMAGES, IMAGES)],
    ["float pictures", "DATASET_IDX_MAGIC", readPair(idx(0xd03, [1, 1, 1], [0, 0, 0, 0]), LABELS)],
    ["a web page", "DATASET_IDX_MAGIC", readPair(utf8("<!doctype html>"), LABELS)],
    ["no pictures", "DATASET_IDX_EMPTY", readPair(idx(0x803, [0, 28, 28], []), LABELS)],
    ["pictures of no columns", "DATASET_IDX_EMPTY", readPair(idx(0x803, [2, 28, 0], []), LABELS)],
    ["a picture too few", "DATASET_IDX_TRUNCATED", readPair(IMAGES.slice(0, -1), LABELS)],
    ["a trailing byte", "DATASET_IDX_OVERSIZED", readPair(IMAGES, Uint8Array.of(...LABELS, 0))],
    [
      "sizes of 2^32 - 1",
      "DATASET_TOO_LARGE",
      readPair(idx(0x803, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], []), LABELS),
    ],
    ["sizes whose product wraps", "DATASET_TOO_LARGE", readPair(idx(0x803, [2 ** 31, 2, 1], []), LABELS)],
    ["another number of labels", "DATASET_IDX_COUNT", readPair(IMAGES, idx(0x801, [3], [0, 1, 1]))],
    ["labels of one class", "DATASET_CLASSES", readPair(IMAGES, idx(0x801, [2], [0, 0]))],
    ["damaged gzip data", "DATASET_GZIP", readPair(gzipSync(IMAGES).fill(0xaa, 10), LABELS)],
    ["gzip data cut off", "DATASET_GZIP", readPair(gzipSync(IMAGES).subarray(0, 20), LABELS)],
  ]);

  it("refuse what unpacks to more than the cap, without unpacking it", async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    expect(await refusalOf(() => unpack({ name: "bomb.gz", bytes: bomb }, 1_000_000))).to.equal("DATASET_TOO_LARGE");
  });

  it("are divided by 255, packed or not", () => {
    for (const [images, labels] of [
      [IMAGES, LABELS],
      [gzipSync(IMAGES), gzipSync(LABELS)],
    ] as const) {
      const data = readPair(images, labels)();
      expect(data.inputShape).to.deep.equal([1, 3, 1]);
      expect([...data.samples.features.subarray(0, 3)]).to.deep.equal([0, Math.fround(0.2), 1]);
      expect([...data.samples.labels]).to.deep.equal([1, 0]);
      expect(data).to.deep.include({ classes: 2, scaling: { kind: "divisor", divisor: 255 } });
    }
  });

  it("name the label that the job's classes do not have", async () => {
    const attempt = () =>
      parseIdx({ name: "a", bytes: IMAGES }, { name: "b", bytes: idx(0x801, [2], [1, 9]) }, { classes: 9 });
    expect(await refusalOf(attempt)).to.equal("DATASET_LABEL");
    expect(attempt).to.throw("b, label 2");
  });
});

describe("CSV files", () => {
  itRefuses([
    ["an empty file", "DATASET_CSV_EMPTY", readTable("")],
    ["a header alone", "DATASET_CSV_EMPTY", readTable("x,y,label\n")],
    ["one column", "DATASET_CSV_COLUMNS", readTable("1\n2\n")],
    ["a short line", "DATASET_CSV_COLUMNS", readTable("1,2,0\n1,0\n")],
    ["a long line", "DATASET_CSV_COLUMNS", readTable("1,2,0\n1,2,3,0\n")],
    ["a word for a number", "DATASET_CSV_NUMBER", readTable("1,2,0\n1,two,1\n")],
    ["an empty cell", "DATASET_CSV_MISSING", readTable("1,2,0\n1,,1\n")],
    ["a hexadecimal number", "DATASET_CSV_NUMBER", readTable("1,0x10,0\n")],
    ["NaN", "DATASET_CSV_MISSING", readTable("1,NaN,0\n")],
    ["infinity", "DATASET_CSV_NUMBER", readTable("1,Infinity,0\n")],
    ["a number beyond float32", "DATASET_CSV_NUMBER", readTable("1,1e39,0\n")],
    ["a formula", "DATASET_CSV_NUMBER", readTable("1,=1+1,0\n")],
    ["a class by name", "DATASET_LABEL", readTable("1,2,0\n1,2,setosa\n")],
    ["a class below 0", "DATASET_LABEL", readTable("1,2,0\n1,2,-1\n")],
    ["half a class", "DATASET_LABEL", readTable("1,2,0\n1,2,0.5\n")],
    ["class 1000", "DATASET_LABEL", readTable("1,2,0\n1,2,1000\n")],
    ["labels of one class", "DATASET_CLASSES", readTable("1,2,0\n1,3,0\n")],
    ["zeros alone", "DATASET_SCALE", readTable("0,0,0\n0,0,1\n")],
    ["an open quote", "DATASET_CSV_SYNTAX", readTable('1,"2,0\n1,2,1\n')],
    ["a quote inside of a cell", "DATASET_CSV_SYNTAX", readTable('1,2"3,0\n')],
    ["zero bytes", "DATASET_CSV_SYNTAX", readTable(Uint8Array.of(0x31, 0, 0x2c, 0x30))],
    ["a shape that does not fit", "DATASET_SHAPE", readTable("1,2,0\n1,2,1", { shape: [3] })],
  ]);

  it("are divided by their own largest value if told so; header and empty lines are skipped", () => {
    const text = "\uFEFFwidth,height,class\r\n1,-4,0\r\n\r\n2, 3e0 ,1\r\n";
    const data = readTable(text, { scaling: "divisor" })();
    expect([...data.samples.features]).to.deep.equal([0.25, -1, 0.5, 0.75]);
    expect([...data.samples.labels]).to.deep.equal([0, 1]);
    expect(data).to.deep.include({ classes: 2, scaling: { kind: "divisor", divisor: 4 } });
    expect(data.inputShape).to.deep.equal([2]);
  });

  it("name file and line, as an editor counts them", () => {
    expect(readTable("x,y,label\n1,2,0\n\n1,oops,1\n")).to.throw("a.csv, line 4, column 2");
  });

  it("take scale, classes and shape from the job's manifest", () => {
    const scaling = { kind: "divisor", divisor: 16 } as const;
    const data = readTable("1,4,0\n2,3,1\n", { scaling, classes: 10, shape: [1, 2, 1] })();
    expect([...data.samples.features]).to.deep.equal([1 / 16, 1 / 4, 1 / 8, 3 / 16]);
    expect(data).to.deep.include({ classes: 10, scaling });
    expect(data.inputShape).to.deep.equal([1, 2, 1]);
  });
});

describe("a data set's folder", () => {
  let folder = "";
  const put = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "commonweight-"))));
  afterEach(() => rm(folder, { recursive: true }));

  it("is refused with the nearest name beside it where it is missing", async () => {
    await mkdir(join(folder, "digits"));
    const refused = (name: string) => loadDataSetFolder(join(folder, name)).catch((thrown: unknown) => thrown);
    expect(await refused("digist"))
      .to.have.property("message")
      .that.matches(/; did you mean .*digits\?$/);
    expect(await refused("no/parent"))
      .to.have.property("message")
      .that.matches(/cannot be read as a folder$/);
  });

  it("is refused when it is missing, empty, ambiguous or half there", async () => {
    const load = () => loadDataSetFolder(folder);
    expect(await refusalOf(() => loadDataSetFolder(join(folder, "none")))).to.equal("DATASET_FOLDER_MISSING");
    expect(await refusalOf(load)).to.equal("DATASET_FOLDER_EMPTY");
    await put("train-images-idx3-ubyte", IMAGES);
    expect(await refusalOf(load)).to.equal("DATASET_IDX_PAIR");
    await put("train-labels-idx1-ubyte", LABELS);
    await put("table.csv", utf8("1,2,0\n1,2,1\n"));
    expect(await refusalOf(load)).to.equal("DATASET_FOLDER_AMBIGUOUS");
  });

  it("joins its IDX pairs in the order of their names, and reads a file once", async () => {
    await put("train-images-idx3-ubyte", IMAGES);
    await put("train-images-idx3-ubyte.gz", gzipSync(IMAGES));
    await put("train-labels-idx1-ubyte", LABELS);
    await put("t10k-images.idx3-ubyte.gz", gzipSync(idx(0x803, [1, 1, 3], [9, 9, 9])));
    await put("t10k-labels.idx1-ubyte.gz", gzipSync(idx(0x801, [1], [2])));
    const { samples, classes } = await loadDataSetFolder(folder);
    expect([...samples.labels]).to.deep.equal([2, 1, 0]);
    expect([...samples.features].map((value) => Math.round(value * 255))).to.deep.equal([9, 9, 9, 0, 51, 255, 1, 2, 3]);
    expect(classes).to.equal(3);
  });

  it("leaves out and reports files of the operating system and of office programs", async () => {
    await put("data.csv", utf8("1,2,0\n3,4,1\n"));
    const hidden = ["._data.csv", "._data.csv.gz", ".~lock.data.csv#", "~$data.csv", "._train-images-idx3-ubyte"];
    for (const name of hidden) await put(name, utf8("Mac OS X"));
    const { samples, report } = await loadDataSetFolder(folder);
    expect(samples.count).to.equal(2);
    expect(report.understood.at(-1)).to.equal(`ignored: ${hidden.toSorted().join(", ")}`);
  });

  it("is read from a .tsv file, and from a name in capitals", async () => {
    await put("DATA.TSV", utf8("a\tb\tlabel\n1\t2\t0\n3\t4\t1\n"));
    expect((await loadDataSetFolder(folder)).inputShape).to.deep.equal([2]);
  });

  it("warns of classes without a picture, as in EMNIST's letters", async () => {
    await put("a-images-idx3-ubyte", IMAGES);
    await put("a-labels-idx1-ubyte", idx(0x801, [2], [1, 2]));
    const { classes, report } = await loadDataSetFolder(folder);
    expect(classes).to.equal(3);
    expect(report.warnings.join()).to.include("no sample of class 0");
  });

  it("accepts pictures of one class where the job tells the classes", async () => {
    await put("a-images-idx3-ubyte", IMAGES);
    await put("a-labels-idx1-ubyte", idx(0x801, [2], [1, 1]));
    expect(await refusalOf(() => loadDataSetFolder(folder))).to.equal("DATASET_CLASSES");
    expect((await loadDataSetFolder(folder, { classes: 3 })).classes).to.equal(3);
  });

  it("refuses pairs of different sizes", async () => {
    await put("a-images-idx3-ubyte", IMAGES);
    await put("a-labels-idx1-ubyte", LABELS);
    await put("b-images-idx3-ubyte", idx(0x803, [2, 3, 1], [0, 51, 255, 1, 2, 3]));
    await put("b-labels-idx1-ubyte", LABELS);
    expect(await refusalOf(() => loadDataSetFolder(folder))).to.equal("DATASET_SHAPE");
  });

  it("loads the bundled digits and MNIST", async () => {
    const digits = await loadDataSetFolder(join(DATA, "digits"), { shape: [8, 8, 1] });
    expect(digits).to.deep.include({ inputShape: [8, 8, 1], classes: 10, scaling: { kind: "divisor", divisor: 16 } });
    expect(digits.samples.count).to.equal(1_797);
    const mnist = await loadDataSetFolder(join(DATA, "mnist10k"));
    expect(mnist).to.deep.include({ inputShape: [28, 28, 1], classes: 10, scaling: { kind: "divisor", divisor: 255 } });
    expect(mnist.samples.count).to.equal(10_000);
    expect(mnist.samples.labels[0]).to.equal(7);
  });
});
