import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";
import { nearestWord } from "@commonweight/sdk/job-file/nearest-word";
import { isHidden } from "../hidden-file.ts";
import { parseIdx } from "../idx.ts";
import { scaleData, type DataOptions, type LabelledData, type RawData } from "../labelled-data.ts";
import { readPictures } from "../pictures/read-pictures.ts";
import { checkFileSize, checkTableSize, type SourceFile } from "../source-file.ts";
import { parseTable } from "../tables/parse-table.ts";

const IDX_NAME = /^(.*)[-.](images|labels)[-.]idx[13]-ubyte(\.gz)?$/;
const TABLE_NAME = /\.(csv|tsv)(\.gz)?$/i;
const FILE_HINT =
  "Put one pair of IDX files (NAME-images-idx3-ubyte, NAME-labels-idx1-ubyte), one .csv or .tsv file, " +
  "or a subfolder with PNG and JPEG pictures for each class there.";
/** Most names of left-out files in a report. */
const SHOWN_NAMES = 5;

/**
 * Loads and scales the data set in a folder; parameters of a scaling come from all its samples unless given.
 *
 * @throws errors of `readDataSetFolder` and `scaleData`
 */
export async function loadDataSetFolder(folder: string, options: DataOptions = {}): Promise<LabelledData> {
  return scaleData(await readDataSetFolder(folder, options), options.scaling);
}

/**
 * Reads the data set in a folder: IDX pairs with names like MNIST's, one table, each gzip or not, or a subfolder of
 * pictures for each class. Ignores other files, and those whose names begin with a point or `~$` (AppleDouble, locks).
 *
 * Several IDX pairs (`train-...` and `t10k-...`) become one data set, in the order of their names. If a file exists
 * with and without gzip, the one without is read.
 *
 * @throws DATASET_FOLDER_MISSING · DATASET_FOLDER_EMPTY · DATASET_FOLDER_AMBIGUOUS · DATASET_IDX_PAIR, and errors of
 * `parseIdx`, `parseTable` and `readPictures`
 */
export async function readDataSetFolder(folder: string, options: DataOptions = {}): Promise<RawData> {
  const { files, folders } = await listFolder(folder);
  const pairs = findPairs(folder, files);
  const tables = files.filter((name) => TABLE_NAME.test(name) && !isHidden(name) && !hasUnpacked(name, files));
  const found = [...tables, ...pairs.flat()];
  if (tables.length + Math.min(pairs.length, 1) > 1) throw ambiguous(folder, found);
  if (found.length === 0 && folders.length === 0) throw empty(folder);
  const used = new Set(found);
  const ignored = [...files.filter((name) => !used.has(name)), ...(found.length > 0 ? folders : [])];
  return reporting(await readFound(folder, { tables, pairs, folders }, options), ignored);
}

interface FoundData {
  readonly tables: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
  readonly folders: readonly string[];
}

async function readFound(
  folder: string,
  { tables, pairs, folders }: FoundData,
  options: DataOptions,
): Promise<RawData> {
  const [table] = tables;
  if (table !== undefined) return parseTable(await readSource(folder, table), options);
  if (pairs.length === 0) return readPictures(folder, folders, options);
  const sets: RawData[] = [];
  for (const [images, labels] of pairs) {
    sets.push(parseIdx(await readSource(folder, images), await readSource(folder, labels), options));
  }
  return concatenate(folder, sets);
}

/** Adds the files that were ignored to the report. */
function reporting(data: RawData, ignored: readonly string[]): RawData {
  if (ignored.length === 0) return data;
  const shown = ignored.slice(0, SHOWN_NAMES).join(", ");
  const more = ignored.length > SHOWN_NAMES ? `, and ${ignored.length - SHOWN_NAMES} more` : "";
  const { understood, warnings } = data.report;
  return { ...data, report: { understood: [...understood, `ignored: ${shown}${more}`], warnings } };
}

/** Names of files and folders that are not hidden, each sorted. */
async function listFolder(folder: string): Promise<{ readonly files: string[]; readonly folders: string[] }> {
  try {
    const names = (await readdir(folder)).sort();
    const lists = { files: [] as string[], folders: [] as string[] };
    for (const name of names) {
      if (isHidden(name)) lists.files.push(name);
      else ((await stat(join(folder, name))).isDirectory() ? lists.folders : lists.files).push(name);
    }
    return lists;
  } catch (cause) {
    const near = await nearestFolder(folder);
    const meant = near === undefined ? "" : `; did you mean ${near}?`;
    const message = `${folder}: cannot be read as a folder${meant}`;
    throw new CommonweightError("DATASET_FOLDER_MISSING", message, FILE_HINT, { cause });
  }
}

/** The folder beside a missing one whose name is nearest; `undefined` if none is near, or nothing can be read there. */
async function nearestFolder(folder: string): Promise<string | undefined> {
  const parent = dirname(folder);
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name)).map(({ name }) => name);
  const near = nearestWord(basename(folder), folders.sort());
  return near === undefined ? undefined : join(parent, near);
}

/** Pairs of file names, pictures then labels, sorted by their common name. */
function findPairs(folder: string, names: readonly string[]): (readonly [string, string])[] {
  const found = new Map<string, { images?: string; labels?: string }>();
  for (const name of names.filter((one) => !isHidden(one))) {
    const [, stem, kind] = IDX_NAME.exec(name) ?? [];
    if (stem === undefined || (kind !== "images" && kind !== "labels")) continue;
    const pair = found.get(stem) ?? {};
    // Names are sorted, so the file without gzip comes first and is used.
    pair[kind] ??= name;
    found.set(stem, pair);
  }
  return [...found].map(([stem, { images, labels }]) => {
    if (images !== undefined && labels !== undefined) return [images, labels];
    throw new CommonweightError("DATASET_IDX_PAIR", `${folder}: ${stem} has only pictures or only labels`, FILE_HINT);
  });
}

async function readSource(folder: string, name: string): Promise<SourceFile> {
  const path = join(folder, name);
  const { size } = await stat(path);
  checkFileSize(name, size);
  return { name, bytes: await readFile(path) };
}

function concatenate(folder: string, sets: readonly RawData[]): RawData {
  const [first] = sets;
  if (first === undefined) throw empty(folder);
  if (sets.length === 1) return first;
  if (sets.some(({ inputShape }) => inputShape.join() !== first.inputShape.join())) {
    throw new CommonweightError(
      "DATASET_SHAPE",
      `${folder}: the pairs have pictures of different sizes`,
      "Put data sets of different sizes in separate folders.",
    );
  }
  const count = sets.reduce((sum, { labels }) => sum + labels.length, 0);
  checkTableSize(folder, count, first.columns);
  const values = new Uint8Array(count * first.columns);
  const labels = new Uint16Array(count);
  const places: string[] = [];
  let at = 0;
  for (const set of sets) {
    values.set(set.values, at * first.columns);
    labels.set(set.labels, at);
    at += set.labels.length;
    places.push(set.name);
  }
  const classNames = sets.map((set) => set.classNames).reduce((a, b) => (b.length > a.length ? b : a));
  return {
    ...first,
    ...{ name: places.join(", "), values, labels, classNames },
    place: (sample) => `${folder}, sample ${sample + 1}`,
    report: {
      understood: sets.flatMap(({ report }) => report.understood),
      warnings: sets.flatMap(({ report }) => report.warnings),
    },
  };
}

function hasUnpacked(name: string, names: readonly string[]): boolean {
  return /\.gz$/i.test(name) && names.includes(name.slice(0, -".gz".length));
}

function ambiguous(folder: string, names: readonly string[]): CommonweightError {
  const message = `${folder}: more than one data set: ${names.join(", ")}`;
  return new CommonweightError("DATASET_FOLDER_AMBIGUOUS", message, "Put each data set in its own folder.");
}

function empty(folder: string): CommonweightError {
  return new CommonweightError("DATASET_FOLDER_EMPTY", `${folder}: no data set found`, FILE_HINT);
}
