import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";
import sharp from "sharp";

import { loadDataSetFolder } from "../../../trainer/data/folders/data-set-folder.ts";
import type { DataOptions } from "../../../trainer/data/labelled-data.ts";
import { refusalOf } from "../../helpers/refusals.ts";

const RED = { r: 255, g: 0, b: 0 };
const BLUE = { r: 0, g: 0, b: 255 };

/** A picture of one colour. */
function picture(colour: { r: number; g: number; b: number }, width = 4, height = 2) {
  return sharp({ create: { width, height, channels: 3, background: colour } });
}

describe("a folder of pictures", () => {
  let folder = "";
  const put = async (name: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  };
  const load = (options: DataOptions = {}) => loadDataSetFolder(folder, options);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "commonweight-"));
    await put("dog/b.png", await picture(RED).png().toBuffer());
    await put("cat/a.png", await picture(BLUE).png().toBuffer());
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("becomes samples in the order of classes and names, with bytes divided by 255", async () => {
    await put("dog/a.jpg", await picture(RED).jpeg({ quality: 100 }).toBuffer());
    const { samples, inputShape, classNames, scaling } = await load();
    expect(inputShape).to.deep.equal([2, 4, 3]);
    expect(classNames).to.deep.equal(["cat", "dog"]);
    expect([...samples.labels]).to.deep.equal([0, 1, 1]);
    expect(scaling).to.deep.equal({ kind: "divisor", divisor: 255 });
    expect([...samples.features.subarray(0, 6)]).to.deep.equal([0, 0, 1, 0, 0, 1]);
    const dogs = [...samples.features.subarray(24)].map((value) => Math.round(value * 10) / 10);
    expect(dogs).to.deep.equal(Array.from({ length: 16 }, () => [1, 0, 0]).flat());
  });

  it("is brought to the shape that is asked for, as grey or in colours", async () => {
    await put("dog/large.jpeg", await picture(RED, 60, 40).jpeg().toBuffer());
    const colours = await load({ shape: [3, 5, 3] });
    expect(colours.samples.features).to.have.length(3 * 45);
    const grey = await load({ shape: [2, 2, 1] });
    expect(grey.samples.features).to.have.length(3 * 4);
    // Grey of sRGB's pure blue and red.
    expect(grey.samples.features[0]).to.be.within(0.2, 0.35);
    expect(grey.samples.features[4]).to.be.within(0.45, 0.6);
  });

  it("turns pictures upright, puts transparent ones on white, and reads 16 bits", async () => {
    await rm(join(folder, "dog"), { recursive: true });
    await put("dog/turned.jpg", await picture(RED, 2, 4).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    const clear = sharp({ create: { width: 4, height: 2, channels: 4, background: { ...RED, alpha: 0 } } });
    await put("dog/clear.png", await clear.png().toBuffer());
    await put("dog/deep.png", await picture(RED).toColourspace("rgb16").png().toBuffer());
    const { samples, inputShape } = await load();
    expect(inputShape).to.deep.equal([2, 4, 3]);
    const firsts = [1, 2, 3].map((sample) =>
      [...samples.features.subarray(sample * 24, sample * 24 + 3)].map(Math.round),
    );
    expect(firsts).to.deep.equal([
      [1, 1, 1],
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });

  it("reports hidden and foreign files, and leaves them out", async () => {
    await put("._dog", Buffer.from("x"));
    await put(".DS_Store", Buffer.from("x"));
    await put("notes.txt", Buffer.from("x"));
    await put("dog/._b.png", Buffer.from("x"));
    await put("dog/Thumbs.db", Buffer.from("x"));
    await put("dog/more/c.png", Buffer.from("x"));
    await mkdir(join(folder, "__MACOSX"));
    const { samples, report } = await load();
    expect(samples.count).to.equal(2);
    expect(report.understood).to.include("2 classes with samples: cat (1), dog (1)");
    expect(report.understood).to.include("ignored: dog/._b.png, dog/Thumbs.db, dog/more");
    expect(report.understood).to.include("ignored: .DS_Store, ._dog, __MACOSX, notes.txt");
  });

  it("numbers folders that are numbers by their value", async () => {
    await rm(folder, { recursive: true });
    for (let label = 0; label <= 10; label++) await put(`${label}/a.png`, await picture(RED).png().toBuffer());
    const { classNames, samples } = await load();
    expect(classNames[10]).to.equal("10");
    expect([...samples.labels]).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("may lack a class of the job's, but has no other", async () => {
    const { samples, classes } = await load({ classNames: ["bee", "cat", "dog"], shape: [2, 4, 3] });
    expect([...samples.labels]).to.deep.equal([1, 2]);
    expect(classes).to.equal(3);
    expect(await refusalOf(() => load({ classNames: ["cat", "cow"] }))).to.equal("DATASET_LABEL");
  });

  const broken: readonly (readonly [string, string, () => Promise<void>, DataOptions?])[] = [
    [
      "a damaged picture",
      "DATASET_PICTURES_BROKEN",
      async () => {
        const whole = await sharp({
          create: {
            width: 64,
            height: 64,
            channels: 3,
            background: RED,
            noise: { type: "gaussian", mean: 128, sigma: 30 },
          },
        })
          .png()
          .toBuffer();
        await put("dog/x.png", whole.subarray(0, whole.length / 2));
      },
      { shape: [2, 4, 3] },
    ],
    ["a file that is no picture", "DATASET_PICTURES_BROKEN", () => put("dog/x.png", Buffer.from("<!doctype html>"))],
    ["an empty file", "DATASET_PICTURES_BROKEN", () => put("dog/x.png", new Uint8Array())],
    [
      "another format under the name of PNG",
      "DATASET_PICTURES_BROKEN",
      async () => put("dog/x.png", await picture(RED).webp().toBuffer()),
    ],
    [
      "drawings that a program would run",
      "DATASET_PICTURES_BROKEN",
      () => put("dog/x.png", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>')),
    ],
    [
      "pictures of different sizes",
      "DATASET_PICTURES_SIZE",
      async () => put("dog/x.png", await picture(RED, 5, 2).png().toBuffer()),
    ],
    ["a class without pictures", "DATASET_PICTURES_EMPTY", () => put("cow/notes.txt", Buffer.from("x"))],
    ["a shape of one number", "DATASET_PICTURES_SHAPE", () => Promise.resolve(), { shape: [24] }],
    ["a shape of two channels", "DATASET_PICTURES_SHAPE", () => Promise.resolve(), { shape: [2, 4, 2] }],
    [
      "a class of 81 letters",
      "DATASET_PICTURES_CLASS",
      async () => put(`${"a".repeat(81)}/x.png`, await picture(RED).png().toBuffer()),
    ],
    ["more subfolders than classes", "DATASET_PICTURES_CLASS", () => Promise.resolve(), { classes: 1 }],
    ["one class", "DATASET_CLASSES", () => rm(join(folder, "cat"), { recursive: true })],
    ["samples of too many values", "DATASET_TOO_LARGE", () => Promise.resolve(), { shape: [2_000, 2_000, 3] }],
  ];
  for (const [name, code, prepare, options] of broken) {
    it(`refuses ${name} as ${code}`, async () => {
      await prepare();
      expect(await refusalOf(() => load(options))).to.equal(code);
    });
  }

  it("suggests the size that most pictures have", async () => {
    for (const name of ["dog/x.png", "dog/y.png", "cat/z.png"])
      await put(name, await picture(RED, 5, 3).png().toBuffer());
    const error: unknown = await load().catch((thrown: unknown) => thrown);
    expect(error).to.have.property("message").that.includes("it has 4 x 2 pixels; 3 of 5 pictures have 5 x 3");
    expect(error).to.have.property("hint").that.includes("data.shape: [3, 5, 3], or --shape 3,5,3");
    expect((await load({ shape: [3, 5, 3] })).inputShape).to.deep.equal([3, 5, 3]);
  });

  it("names the picture that is damaged", async () => {
    await put("dog/x.png", Buffer.from("no picture"));
    const error: unknown = await load().catch((thrown: unknown) => thrown);
    expect(error).to.have.property("message").that.includes("dog/x.png");
  });

  it("refuses a picture of more pixels than allowed before it is decoded", async () => {
    // A PNG header that promises 100,000 x 100,000 pixels.
    const bomb = await picture(RED).png().toBuffer();
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    await put("dog/x.png", bomb);
    expect(await refusalOf(() => load({ shape: [2, 4, 3] }))).to.equal("DATASET_PICTURES_BROKEN");
  });
});
