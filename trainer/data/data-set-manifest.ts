import { z } from "zod";

import { canonicalJson } from "@commonweight/sdk/spec/canonical-json";
import { digestOf } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { featureScaling, fitsFeatures } from "@commonweight/sdk/spec/feature-scaling";
import { isClassName } from "./classes.ts";
import { isColumnName, MAX_NAMED_COLUMNS } from "./column-names.ts";
import { sliceSize } from "./data-slice.ts";
import { featuresOf } from "./labelled-data.ts";
import { SEAL_BYTES } from "./sealed-shard.ts";
import { DATA_SET_LIMITS } from "./source-file.ts";
import { parseStrictJson } from "../model/strict-json.ts";

/** Limits of a manifest: bound the amount that an untrusted data set makes a worker read. */
export const MANIFEST_LIMITS = {
  bytes: 1_048_576,
  parts: 1_024,
  /** Slices of all parts and the holdout together. */
  slices: 8_192,
  sliceBytes: 1_048_576,
} as const;

const positive = z.int().min(1);

const slice = z.strictObject({
  id: z.string().min(1).max(100).refine(isContentId),
  samples: positive,
  bytes: positive.max(MANIFEST_LIMITS.sliceBytes),
});

/** Maximum number of shards of a sealed holdout: one more than rounds. */
const MAX_SHARDS = 4_096;

const sealed = z.strictObject({
  /** Public name of the holdout, from which the initiator derives the shards' keys (`sdk/protocol/holdout-keys.ts`). */
  seal: z.string().regex(/^0x[0-9a-f]{64}$/),
  /** Encrypted slices; sizes in bytes are those of the ciphertexts. */
  shards: z.array(slice).min(1).max(MAX_SHARDS),
});

const part = z.strictObject({ samples: z.int().min(0), slices: z.array(slice).max(MANIFEST_LIMITS.slices) });

const manifest = z.strictObject({
  version: z.literal(1),
  inputShape: z.union([z.tuple([positive]), z.tuple([positive, positive, positive])]),
  classes: z.int().min(2).max(DATA_SET_LIMITS.classes),
  /** Name of each class, in the order of the labels; "0", "1", ... if the data only number them. */
  classNames: z.array(z.string().refine(isClassName)).min(2).max(DATA_SET_LIMITS.classes),
  /** Name of each value of a sample, in order; absent if the source has no header with a name for each. */
  columnNames: z.array(z.string().refine(isColumnName)).min(1).max(MAX_NAMED_COLUMNS).optional(),
  /** How the source's values became the samples' values; applied alike to all parts, holdouts and private data. */
  scaling: featureScaling,
  /** Encoding of all slices: bytes before scaling, or float32 after scaling. */
  encoding: z.enum(["uint8", "float32"]),
  /** Empty if every trainer uses its own data. */
  parts: z.array(part).max(MANIFEST_LIMITS.parts),
  /** Public samples for scoring; empty if the validators use their own. */
  holdout: part,
  /** The sealed holdout; absent if the job has none. */
  sealed: sealed.optional(),
});

/** A file of samples on IPFS: at most 1 MiB. */
export type DataSlice = z.infer<typeof slice>;
/** The samples of one trainer, or the public holdout. */
export type DataPart = z.infer<typeof part>;
/** The shards of a sealed holdout on IPFS: encrypted slices, one more than rounds. */
export type PublishedShards = z.infer<typeof sealed>;
/** A data set on IPFS: its shape, and the content ids of its samples. */
export type DataSetManifest = z.infer<typeof manifest>;

/** Encodes a manifest as canonical JSON: the same data set has the same content id everywhere. */
export function encodeManifest(content: DataSetManifest): Uint8Array {
  const bytes = new TextEncoder().encode(canonicalJson(content));
  if (bytes.length > MANIFEST_LIMITS.bytes) throw refuse("TOO_LARGE", `${bytes.length} bytes`);
  return bytes;
}

/**
 * Decodes an untrusted manifest. Accepts exactly the bytes that `encodeManifest` writes.
 *
 * Checks in this order: DATASET_MANIFEST_TOO_LARGE · JSON: _SYNTAX, _DEPTH, _UNSAFE or _DUPLICATE · _SCHEMA ·
 * _INCONSISTENT (numbers that contradict each other) · _NOT_CANONICAL
 */
export function decodeManifest(bytes: Uint8Array): DataSetManifest {
  if (bytes.length > MANIFEST_LIMITS.bytes) throw refuse("TOO_LARGE", `${bytes.length} bytes`);
  const json = parseStrictJson(bytes);
  if (!json.ok) throw refuse(JSON_CONDITIONS[json.fault], `not safe JSON: ${json.fault}`);
  const parsed = manifest.safeParse(json.value);
  if (!parsed.success) throw refuse("SCHEMA", z.prettifyError(parsed.error).slice(0, 500));
  checkNumbers(parsed.data);
  if (Buffer.compare(bytes, encodeManifest(parsed.data)) !== 0) throw refuse("NOT_CANONICAL", "not in canonical form");
  return parsed.data;
}

const JSON_CONDITIONS = {
  utf8: "SYNTAX",
  syntax: "SYNTAX",
  depth: "DEPTH",
  "unsafe-key": "UNSAFE",
  "duplicate-key": "DUPLICATE",
} as const;

function checkNumbers(content: DataSetManifest): void {
  const features = featuresOf(content.inputShape);
  const all = [...content.parts, content.holdout];
  const { classNames, classes, scaling } = content;
  if (classNames.length !== classes) throw refuse("INCONSISTENT", `${classNames.length} names of ${classes} classes`);
  if (new Set(classNames).size !== classes) throw refuse("INCONSISTENT", "two classes have the same name");
  const columns = content.columnNames?.length ?? features;
  if (columns !== features) throw refuse("INCONSISTENT", `${columns} names of ${features} columns`);
  if (!fitsFeatures(scaling, features)) throw refuse("INCONSISTENT", `the scaling is not for ${features} columns`);
  if (content.parts.some(({ samples }) => samples === 0)) throw refuse("INCONSISTENT", "a part is empty");
  const slices = all.reduce((sum, own) => sum + own.slices.length, 0);
  if (slices > MANIFEST_LIMITS.slices) throw refuse("INCONSISTENT", `${slices} slices`);
  for (const own of all) checkPart(own, features, content.encoding);
  for (const shard of content.sealed?.shards ?? []) checkShard(shard, features, content.encoding);
}

function checkPart({ samples, slices }: DataPart, features: number, encoding: DataSetManifest["encoding"]): void {
  const sum = slices.reduce((total, own) => total + own.samples, 0);
  if (sum !== samples) throw refuse("INCONSISTENT", `${samples} samples, ${sum} in its slices`);
  const { features: widest, values } = DATA_SET_LIMITS;
  if (features > widest || samples * features > values) throw refuse("INCONSISTENT", "too many values");
  const wrong = slices.find((own) => own.bytes !== sliceSize(own.samples, { encoding, features }));
  if (wrong !== undefined) throw refuse("INCONSISTENT", `${wrong.bytes} bytes for ${wrong.samples} samples`);
}

function checkShard({ samples, bytes }: DataSlice, features: number, encoding: DataSetManifest["encoding"]): void {
  if (bytes === sliceSize(samples, { encoding, features }) + SEAL_BYTES) return;
  throw refuse("INCONSISTENT", `${bytes} bytes for a sealed shard of ${samples} samples`);
}

function isContentId(id: string): boolean {
  try {
    digestOf(id);
    return true;
  } catch (cause) {
    if (cause instanceof CommonweightError) return false;
    throw cause;
  }
}

function refuse(condition: string, what: string): CommonweightError {
  return new CommonweightError(
    `DATASET_MANIFEST_${condition}`,
    `not a valid data set manifest: ${what}`,
    "Use the content id that `commonweight data pack` printed; large data sets are published in several manifests.",
  );
}
