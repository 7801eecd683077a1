import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";
import { parseCsv } from "./csv.ts";
import { parseIdx } from "./idx.ts";
import type { DataOptions, LabelledData } from "./labelled-data.ts";
import { checkFileSize, checkTableSize, type SourceFile } from "./source-file.ts";

const IDX_NAME = /^(.*)[-.](images|labels)[-.]idx[13]-ubyte(\.gz)?$/;
const CSV_NAME = /\.csv(\.gz)?$/i;
const FILE_HINT = "Put one pair of IDX files (NAME-images-idx3-ubyte, NAME-labels-idx1-ubyte) or one .csv file there.";

/**
 * Loads the data set in a folder: IDX pairs with names like MNIST's, or one CSV table, each gzip or not. Ignores other
 * files.
 *
 * Several IDX pairs (`train-...` and `t10k-...`) become one data set, in the order of their names. If a file exists
 * with and without gzip, the one without is read.
 *
 * @throws DATASET_FOLDER_MISSING · DATASET_FOLDER_EMPTY · DATASET_FOLDER_AMBIGUOUS · DATASET_IDX_PAIR, and errors of
 * `parseIdx` and `parseCsv`
 */
export async function loadDataSetFolder(folder: string, options: DataOptions = {}): Promise<LabelledData> {
  const names = (await listFiles(folder)).sort();
  const pairs = findPairs(folder, names);
  const tables = names.filter((name) => CSV_NAME.test(name) && !hasUnpacked(name, names));
  if (tables.length + Math.min(pairs.length, 1) > 1) throw ambiguous(folder, [...tables, ...pairs.flat()]);
  const [table] = tables;
  if (table !== undefined) return parseCsv(await readSource(folder, table), options);
  if (pairs.length === 0) throw empty(folder);
  const sets: LabelledData[] = [];
  for (const [images, labels] of pairs) {
    sets.push(parseIdx(await readSource(folder, images), await readSource(folder, labels), options));
  }
  return concatenate(folder, sets);
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new CommonweightError("DATASET_FOLDER_MISSING", `${folder}: cannot be read as a folder`, FILE_HINT, {
      cause,
    });
  }
}

/** Pairs of file names, pictures then labels, sorted by their common name. */
function findPairs(folder: string, names: readonly string[]): (readonly [string, string])[] {
  const found = new Map<string, { images?: string; labels?: string }>();
  for (const name of names) {
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

function concatenate(folder: string, sets: readonly LabelledData[]): LabelledData {
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
  const count = sets.reduce((sum, { samples }) => sum + samples.count, 0);
  const features = new Float32Array(sets.reduce((sum, { samples }) => sum + samples.features.length, 0));
  checkTableSize(folder, count, features.length / count);
  const labels = new Uint16Array(count);
  let at = 0;
  for (const { samples } of sets) {
    features.set(samples.features, (at * features.length) / count);
    labels.set(samples.labels, at);
    at += samples.count;
  }
  return { ...first, samples: { count, features, labels }, classes: Math.max(...sets.map(({ classes }) => classes)) };
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
