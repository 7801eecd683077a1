import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";
import { areNumbered, classLine, isClassName, unknownClass } from "../classes.ts";
import { isHidden } from "../hidden-file.ts";
import { featuresOf, type DataOptions, type InputShape, type RawData } from "../labelled-data.ts";
import { checkTableSize, DATA_SET_LIMITS } from "../source-file.ts";
import { decodePicture, measurePicture, PICTURE_LIMITS, type PictureFile, type PictureSize } from "./picture.ts";

const PICTURE_NAME = /\.(png|jpe?g)$/i;
const SHOWN_NAMES = 5;

/**
 * Reads a folder with a subfolder of PNG and JPEG pictures for each class; the subfolder's name is the class's.
 *
 * Classes and pictures are in the order of their names. Each picture is turned upright (EXIF), put on white where it is
 * transparent, and brought to the shape asked for: its size by stretching, 1 channel as grey, 3 as sRGB. Without a
 * shape all must have the same size.
 *
 * @param names the subfolders
 * @throws DATASET_PICTURES_CLASS · DATASET_PICTURES_EMPTY · DATASET_PICTURES_SIZE · DATASET_PICTURES_SHAPE ·
 * DATASET_PICTURES_BROKEN · DATASET_LABEL · DATASET_TOO_LARGE
 */
export async function readPictures(folder: string, names: readonly string[], options: DataOptions): Promise<RawData> {
  const { files, ignored, classNames } = await listPictures(folder, names, options);
  const labels = Uint16Array.from(files, ({ label }) => label);
  const isDeclared = options.classes !== undefined || options.classNames !== undefined;
  const inputShape = await shapeOfPictures(folder, files, options.shape);
  const columns = featuresOf(inputShape);
  checkTableSize(folder, files.length, columns);
  const [height, width, channels = 1] = inputShape;
  const size = { height, width: width ?? 1, channels };
  const values = new Uint8Array(files.length * columns);
  for (const [at, file] of files.entries())
    values.set(await decodePicture(await readPicture(file), size), at * columns);
  return {
    ...{ name: folder, values, columns, labels, inputShape, classNames, isDeclared, divisor: 255 },
    place: (sample) => files[sample]?.name ?? folder,
    column: (column) => `value ${column + 1}`,
    report: {
      understood: [
        `${folder}: ${files.length} pictures, brought to ${height} x ${size.width} pixels with ${channels} channels`,
        classLine(classNames, labels),
        ...(ignored.length === 0 ? [] : [ignoredLine(ignored)]),
      ],
      warnings: [],
    },
  };
}

interface ListedPicture {
  /** Class folder and file. */
  readonly name: string;
  readonly path: string;
  readonly label: number;
}

interface PictureList {
  readonly files: readonly ListedPicture[];
  readonly ignored: readonly string[];
  readonly classNames: readonly string[];
}

async function listPictures(folder: string, names: readonly string[], options: DataOptions): Promise<PictureList> {
  const classNames = classNamesOf(folder, names, options);
  const files: ListedPicture[] = [];
  const ignored: string[] = [];
  const unknown = names.find((name) => !classNames.includes(name));
  if (unknown !== undefined) throw unknownClass(`${folder}, subfolder`, unknown, classNames);
  for (const [label, name] of classNames.entries()) {
    if (!names.includes(name)) continue;
    let found = 0;
    for (const file of (await readdir(join(folder, name))).sort()) {
      const path = join(folder, name, file);
      if (isHidden(file) || !PICTURE_NAME.test(file) || (await stat(path)).isDirectory()) {
        ignored.push(`${name}/${file}`);
        continue;
      }
      files.push({ name: `${name}/${file}`, path, label });
      found += 1;
      if (files.length > PICTURE_LIMITS.files) throw tooMany(folder);
    }
    if (found === 0) throw emptyClass(folder, name, ignored);
  }
  return { files, ignored, classNames };
}

function classNamesOf(folder: string, names: readonly string[], options: DataOptions): readonly string[] {
  const odd = names.find((name) => !isClassName(name));
  if (odd !== undefined) throw refuse("CLASS", `${folder}: ${JSON.stringify(odd.slice(0, 100))} is no name of a class`);
  if (options.classNames !== undefined) return options.classNames;
  const numbers = names.toSorted((a, b) => Number(a) - Number(b));
  // Folders 0 to 10 in the order of their numbers.
  const classNames = areNumbered(numbers) ? numbers : names;
  if (classNames.length <= DATA_SET_LIMITS.classes && classNames.length === (options.classes ?? classNames.length)) {
    return classNames;
  }
  const expected = options.classes ?? `at most ${DATA_SET_LIMITS.classes}`;
  throw refuse("CLASS", `${folder}: ${names.length} subfolders, but ${expected} classes`);
}

/** The shape asked for; else that of all pictures, which must be alike. */
async function shapeOfPictures(
  folder: string,
  files: readonly ListedPicture[],
  asked: InputShape | undefined,
): Promise<InputShape> {
  if (asked !== undefined) {
    if (asked.length === 3 && (asked[2] === 1 || asked[2] === 3)) return asked;
    throw refuse("SHAPE", `${folder}: pictures cannot be brought to the shape [${asked.join(", ")}]`);
  }
  const sizes = new Map<string, { readonly size: PictureSize; readonly name: string; count: number }>();
  let channels = 1;
  for (const file of files) {
    const size = await measurePicture(await readPicture(file));
    channels = Math.max(channels, size.channels);
    const pixels = `${size.width} x ${size.height}`;
    const seen = sizes.get(pixels) ?? { size, name: file.name, count: 0 };
    seen.count += 1;
    sizes.set(pixels, seen);
  }
  const [usual, other] = [...sizes].toSorted(([, a], [, b]) => b.count - a.count);
  if (usual === undefined) throw refuse("EMPTY", `${folder}: no pictures`);
  const [pixels, { size, count }] = usual;
  const shape = [size.height, size.width, channels] as const;
  if (other === undefined) return shape;
  const what = `${other[1].name}: it has ${other[0]} pixels; ${count} of ${files.length} pictures have ${pixels}`;
  throw refuse("SIZE", what, `Bring all to one size: data.shape: [${shape.join(", ")}], or --shape ${shape.join()}.`);
}

async function readPicture({ name, path }: ListedPicture): Promise<PictureFile> {
  const { size } = await stat(path);
  if (size > PICTURE_LIMITS.bytes) throw refuse("BROKEN", `${name}: more than ${PICTURE_LIMITS.bytes} bytes`);
  return { name, bytes: await readFile(path) };
}

function ignoredLine(ignored: readonly string[]): string {
  const more = ignored.length > SHOWN_NAMES ? `, and ${ignored.length - SHOWN_NAMES} more` : "";
  return `ignored: ${ignored.slice(0, SHOWN_NAMES).join(", ")}${more}`;
}

function emptyClass(folder: string, name: string, ignored: readonly string[]): CommonweightError {
  const others = ignored.filter((path) => path.startsWith(`${name}/`));
  const seen = others.length === 0 ? "" : `, only ${others.slice(0, SHOWN_NAMES).join(", ")}`;
  return refuse("EMPTY", `${join(folder, name)}: no PNG or JPEG pictures${seen}`);
}

function tooMany(folder: string): CommonweightError {
  return new CommonweightError(
    "DATASET_TOO_LARGE",
    `${folder}: more than ${PICTURE_LIMITS.files} pictures`,
    "Split the data into several data sets.",
  );
}

const HINTS = {
  CLASS: "Give each class one subfolder, with a name of at most 80 printable characters.",
  EMPTY: "Put PNG or JPEG files directly into each class's subfolder, or remove the subfolder.",
  SIZE: "Give a shape to bring all pictures to: data.shape, or --shape.",
  SHAPE: "Use height, width and 1 or 3 channels, such as [32, 32, 3]: data.shape, or --shape 32,32,3.",
  BROKEN: "Replace the picture or remove it.",
} as const;

function refuse(condition: keyof typeof HINTS, message: string, hint: string = HINTS[condition]): CommonweightError {
  return new CommonweightError(`DATASET_PICTURES_${condition}`, message, hint);
}
