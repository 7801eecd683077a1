import { createHash } from "node:crypto";

import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentStore } from "../content/port.ts";
import type { Samples } from "../model/tensors.ts";
import {
  decodeManifest,
  encodeManifest,
  MANIFEST_LIMITS,
  type DataPart,
  type DataSetManifest,
  type DataSlice,
  type PublishedShards,
} from "./data-set-manifest.ts";
import type { HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { bytesPerSample, decodeSlice, encodeSlice, encodingFor, sliceSize, type SliceFormat } from "./data-slice.ts";
import { featuresOf, type LabelledData } from "./labelled-data.ts";
import { openShard, SEAL_BYTES, sealShard } from "./sealed-shard.ts";
import { selectSamples, type DataPlan } from "./split.ts";

/** A data set on IPFS. */
export interface PublishedDataSet {
  /** Content id of the manifest, which a job's specification names. */
  readonly id: ContentId;
  /** Exact size of the manifest. */
  readonly bytes: number;
  readonly manifest: DataSetManifest;
}

/** Input of `publishDataSet`. */
export interface DataSetSource {
  readonly data: LabelledData;
  readonly plan: DataPlan;
  /** Keys for the shards of a sealed holdout, if the plan has shards. */
  readonly secrets?: HoldoutSecrets | undefined;
}

/**
 * Publishes a data set: its samples in slices of at most 1 MiB, and a manifest of the slices.
 *
 * Values are stored as bytes if the source has bytes (pictures), else as float32. The same data and plan give the same
 * content ids. The caller must keep serving the slices.
 *
 * @throws DATASET_SHARD_TOO_LARGE a sealed shard does not fit a slice · DATASET_SAMPLE_TOO_LARGE one sample does not
 * fit a slice · DATASET_MANIFEST_INCONSISTENT, DATASET_MANIFEST_TOO_LARGE the data set is larger than a manifest may
 * describe
 */
export async function publishDataSet(
  store: ContentStore,
  { data, plan, secrets }: DataSetSource,
  signal: AbortSignal,
): Promise<PublishedDataSet> {
  const { classes, samples, scaling } = data;
  const features = featuresOf(data.inputShape);
  const format = { encoding: encodingFor(samples.features, scaling, features), features, classes, scaling };
  const parts: DataPart[] = [];
  for (const indices of plan.parts) parts.push(await publishPart(store, { samples, indices, format }, signal));
  const holdout = await publishPart(store, { samples, indices: plan.holdout, format }, signal);
  const shards = plan.shards.map((indices) => encodeSlice(selectSamples(samples, indices), format));
  const sealed = await publishShards(store, plan.shards, shards, secrets);
  const inputShape: DataSetManifest["inputShape"] = [...data.inputShape];
  const { columnNames } = data;
  const names = {
    classNames: [...data.classNames],
    ...(columnNames === undefined ? {} : { columnNames: [...columnNames] }),
  };
  const content = { inputShape, classes, ...names, scaling, encoding: format.encoding, parts, holdout, ...sealed };
  const bytes = encodeManifest({ version: 1, ...content });
  // Decoded before publishing, so that readers never refuse a published manifest.
  const manifest = decodeManifest(bytes);
  return { id: await store.add(bytes), bytes: bytes.length, manifest };
}

/**
 * Fetches and checks a manifest.
 *
 * @param options.bytes largest size to fetch, in bytes
 * @throws errors of `ContentStore.fetch` and `decodeManifest`
 */
export async function fetchManifest(
  store: ContentStore,
  id: ContentId,
  options: { readonly bytes?: number },
  signal: AbortSignal,
): Promise<DataSetManifest> {
  const maxBytes = Math.min(options.bytes ?? MANIFEST_LIMITS.bytes, MANIFEST_LIMITS.bytes);
  return decodeManifest(await store.fetch(id, { maxBytes }, signal));
}

/**
 * Fetches the samples of one part only.
 *
 * @param part index into the manifest's parts
 * @throws DATASET_PART_UNKNOWN, and errors of `fetchSlice`
 */
export async function fetchPart(
  store: ContentStore,
  manifest: DataSetManifest,
  part: number,
  signal: AbortSignal,
): Promise<Samples> {
  const wanted = manifest.parts[part];
  if (wanted === undefined) {
    const message = `the data set has ${manifest.parts.length} parts, no part ${part}`;
    throw new CommonweightError(
      "DATASET_PART_UNKNOWN",
      message,
      "Parts are numbered from 0, as the manifest lists them.",
    );
  }
  return fetchSlices(store, manifest, wanted, signal);
}

/** Fetches the public holdout; no samples if the data set has none. Throws like `fetchSlice`. */
export function fetchHoldout(store: ContentStore, manifest: DataSetManifest, signal: AbortSignal): Promise<Samples> {
  return fetchSlices(store, manifest, manifest.holdout, signal);
}

/**
 * Fetches an encrypted shard; a validator stores it until the shard's key is published.
 *
 * @throws errors of `ContentStore.fetch`
 */
export function fetchShard(store: ContentStore, shard: DataSlice, signal: AbortSignal): Promise<Uint8Array> {
  return store.fetch(shard.id, { maxBytes: shard.bytes }, signal);
}

/**
 * Decrypts and reads a shard.
 *
 * @throws DATASET_SHARD_SEALED · errors of `decodeSlice`
 */
export function readShard(manifest: DataSetManifest, shard: DataSlice, bytes: Uint8Array, key: string): Samples {
  return decodeSlice(openShard(bytes, key), shard.samples, formatOf(manifest));
}

/**
 * Fetches one slice.
 *
 * @throws errors of `ContentStore.fetch` and `decodeSlice`
 */
export async function fetchSlice(
  store: ContentStore,
  manifest: DataSetManifest,
  slice: DataSlice,
  signal: AbortSignal,
): Promise<Samples> {
  const bytes = await store.fetch(slice.id, { maxBytes: slice.bytes }, signal);
  return decodeSlice(bytes, slice.samples, formatOf(manifest));
}

async function fetchSlices(
  store: ContentStore,
  manifest: DataSetManifest,
  part: DataPart,
  signal: AbortSignal,
): Promise<Samples> {
  const width = featuresOf(manifest.inputShape);
  const features = new Float32Array(part.samples * width);
  const labels = new Uint16Array(part.samples);
  let at = 0;
  for (const slice of part.slices) {
    const samples = await fetchSlice(store, manifest, slice, signal);
    features.set(samples.features, at * width);
    labels.set(samples.labels, at);
    at += samples.count;
  }
  return { count: part.samples, features, labels };
}

/** Samples of one part, by index, and the format of its slices. */
interface PartSource {
  readonly samples: Samples;
  readonly indices: Uint32Array;
  readonly format: SliceFormat;
}

async function publishPart(
  store: ContentStore,
  { samples, indices, format }: PartSource,
  signal: AbortSignal,
): Promise<DataPart> {
  const perSlice = samplesPerSlice(format);
  const slices: DataSlice[] = [];
  for (let start = 0; start < indices.length; start += perSlice) {
    signal.throwIfAborted();
    const own = selectSamples(samples, indices.subarray(start, start + perSlice));
    const bytes = encodeSlice(own, format);
    slices.push({ id: await store.add(bytes), samples: own.count, bytes: bytes.length });
  }
  return { samples: indices.length, slices };
}

/**
 * Encrypts and publishes a sealed holdout.
 *
 * @param shards indices of the samples of each shard
 * @param slices the same shards, encoded
 * @returns the manifest's entry; none without shards
 */
async function publishShards(
  store: ContentStore,
  shards: readonly Uint32Array[],
  slices: readonly Uint8Array[],
  secrets: HoldoutSecrets | undefined,
): Promise<{ readonly sealed?: PublishedShards }> {
  if (shards.length === 0) return {};
  if (secrets === undefined) throw new Error("a sealed holdout without the secrets to seal it with");
  requireSliceSize(slices);
  const digest = createHash("sha256");
  for (const slice of slices) digest.update(slice);
  const seal = secrets.sealFor(`0x${digest.digest("hex")}`);
  const keys = secrets.keysFor(seal, shards.length);
  const published: DataSlice[] = [];
  for (const [shard, slice] of slices.entries()) {
    const bytes = sealShard(slice, keys[shard] ?? "");
    published.push({ id: await store.add(bytes), samples: shards[shard]?.length ?? 0, bytes: bytes.length });
  }
  return { sealed: { seal, shards: published } };
}

function requireSliceSize(slices: readonly Uint8Array[]): void {
  const room = MANIFEST_LIMITS.sliceBytes - SEAL_BYTES;
  const largest = Math.max(...slices.map(({ length }) => length));
  if (largest <= room) return;
  throw new CommonweightError(
    "DATASET_SHARD_TOO_LARGE",
    `a sealed shard needs ${largest} bytes, more than the limit of ${room}`,
    "Seal a smaller share of the samples: data.holdout.share.",
  );
}

function samplesPerSlice(format: SliceFormat): number {
  const room = MANIFEST_LIMITS.sliceBytes - sliceSize(0, format);
  const perSlice = Math.floor(room / bytesPerSample(format));
  if (perSlice >= 1) return perSlice;
  throw new CommonweightError(
    "DATASET_SAMPLE_TOO_LARGE",
    `one sample needs ${bytesPerSample(format)} bytes, more than a slice's ${room}`,
    "Use smaller samples, such as pictures at a lower resolution.",
  );
}

function formatOf({ encoding, inputShape, classes, scaling }: DataSetManifest): SliceFormat {
  return { encoding, features: featuresOf(inputShape), classes, scaling };
}
