import { CommonweightError } from "@commonweight/sdk/errors";
import { classLine, countClasses, emptyClassWarnings, numberedClasses } from "./classes.ts";
import { shapeOf, type DataOptions, type RawData } from "./labelled-data.ts";
import { checkTableSize, unpack, type SourceFile } from "./source-file.ts";

const IMAGES_MAGIC = 0x0803;
const LABELS_MAGIC = 0x0801;

/**
 * Parses a pair of IDX files (Y. LeCun, "The MNIST database", file formats), gzip or not: pictures as unsigned bytes in
 * three dimensions, labels as unsigned bytes in one.
 *
 * Pixels are divided by 255 by default. The shape is `[rows, columns, 1]` unless the options give another.
 *
 * @throws DATASET_IDX_MAGIC · DATASET_IDX_TRUNCATED · DATASET_IDX_OVERSIZED · DATASET_IDX_EMPTY · DATASET_IDX_COUNT the
 * files have different numbers of samples · DATASET_GZIP · DATASET_TOO_LARGE · DATASET_LABEL ·
 * DATASET_SHAPE
 */
export function parseIdx(images: SourceFile, labels: SourceFile, options: DataOptions = {}): RawData {
  const pictures = readIdx(unpack(images), IMAGES_MAGIC, 3);
  const marks = readIdx(unpack(labels), LABELS_MAGIC, 1);
  const [count = 0, rows = 0, columns = 0] = pictures.sizes;
  if (marks.sizes[0] !== count) {
    throw wrongFile("COUNT", labels.name, `${marks.sizes[0]} labels for the ${count} pictures of ${images.name}`);
  }
  const classLabels = Uint16Array.from(marks.data);
  const place = (sample: number) => `${labels.name}, label ${sample + 1}`;
  const own = { name: images.name, labels: classLabels, place };
  const isDeclared = options.classes !== undefined || options.classNames !== undefined;
  const inputShape = shapeOf(images.name, [rows, columns, 1], options.shape);
  const classNames = options.classNames ?? numberedClasses(countClasses(own, options.classes));
  countClasses(own, classNames.length);
  return {
    ...own,
    values: pictures.data,
    columns: rows * columns,
    column: (column) => `pixel ${column + 1}`,
    ...{ inputShape, classNames, isDeclared },
    divisor: 255,
    report: {
      understood: [
        `${images.name}: ${count} pictures of ${rows} x ${columns} pixels, labels in ${labels.name}`,
        classLine(classNames, classLabels),
      ],
      warnings: !isDeclared ? emptyClassWarnings(classNames, classLabels) : [],
    },
  };
}

interface IdxArray {
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
}

function readIdx(file: SourceFile, magic: number, dimensions: number): IdxArray {
  const { name, bytes } = file;
  const header = 4 + 4 * dimensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 4 && view.getUint32(0) !== magic) {
    throw wrongFile("MAGIC", name, `it starts with ${hex(view.getUint32(0))}, not ${hex(magic)}`);
  }
  if (bytes.length < header) throw wrongFile("TRUNCATED", name, `${bytes.length} bytes have no header of ${header}`);
  const sizes = Array.from({ length: dimensions }, (_, at) => view.getUint32(4 + 4 * at));
  if (sizes.includes(0)) throw wrongFile("EMPTY", name, `its sizes are ${sizes.join(" x ")}`);
  const [count = 0, ...sample] = sizes;
  const features = sample.reduce((product, size) => product * size, 1);
  checkTableSize(name, count, features);
  const expected = header + count * features;
  if (bytes.length < expected) throw wrongFile("TRUNCATED", name, `${bytes.length} bytes instead of ${expected}`);
  if (bytes.length > expected) throw wrongFile("OVERSIZED", name, `${bytes.length} bytes instead of ${expected}`);
  return { sizes, data: bytes.subarray(header) };
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, "0")}`;
}

function wrongFile(condition: string, name: string, what: string): CommonweightError {
  return new CommonweightError(
    `DATASET_IDX_${condition}`,
    `${name}: ${what}`,
    "Use a matching pair of IDX files of unsigned bytes, pictures (idx3) and labels (idx1), like MNIST's.",
  );
}
