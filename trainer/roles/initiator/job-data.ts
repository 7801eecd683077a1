import type { ContentId } from "../../../sdk/content-id.ts";
import type { JobFile } from "../../../sdk/job-file-schema.ts";
import type { ContentStore } from "../../content/port.ts";
import type { Samples } from "../../engine/port.ts";
import { loadDataSetFolder } from "../../ml/data-set-folder.ts";
import type { DataSetManifest } from "../../ml/data-set-manifest.ts";
import { fetchHoldout, fetchManifest, fetchPart, publishDataSet } from "../../ml/data-set.ts";
import { bytesPerSample, encodingFor } from "../../ml/data-slice.ts";
import { indicesUpTo } from "../../ml/hash-stream.ts";
import { featuresOf, type InputShape, type LabelledData } from "../../ml/labelled-data.ts";
import type { PartitionRule } from "../../ml/partition.ts";
import { planDataSet, selectSamples, type DataPlan } from "../../ml/split.ts";

/** A data set on IPFS. */
export interface DataSetOnIpfs {
  readonly id: ContentId;
  readonly manifest: DataSetManifest;
}

/** A job's data set, wherever it lies: its parts, its holdout, and how it gets to IPFS. */
export interface JobData {
  readonly inputShape: DataSetManifest["inputShape"];
  readonly classes: number;
  /** Samples of each part. */
  readonly parts: readonly number[];
  readonly holdoutSamples: number;
  /** Bytes that one sample takes on IPFS. */
  readonly sampleBytes: number;
  part(index: number, signal: AbortSignal): Promise<Samples>;
  holdout(signal: AbortSignal): Promise<Samples>;
  publish(content: ContentStore, signal: AbortSignal): Promise<DataSetOnIpfs>;
}

/**
 * Loads the data set of a folder and deals it out as the job file says. The same folder and file give the same parts.
 *
 * @throws DATASET_* · PARTITION_*
 */
export async function loadJobFolder(folder: string, data: JobFile["data"]): Promise<JobData> {
  const labelled = await loadDataSetFolder(folder, {
    ...(data.shape === undefined ? {} : { shape: data.shape }),
    ...(data.classes === undefined ? {} : { classes: data.classes }),
  });
  const plan = planOf(data, labelled.samples.labels);
  const none = new Uint32Array();
  return {
    inputShape: [...labelled.inputShape],
    classes: labelled.classes,
    parts: plan.parts.map(({ length }) => length),
    holdoutSamples: plan.holdout.length,
    sampleBytes: sampleBytesOf(labelled),
    part: async (index) => selectSamples(labelled.samples, plan.parts[index] ?? none),
    holdout: async () => selectSamples(labelled.samples, plan.holdout),
    publish: (content, signal) => publishDataSet(content, labelled, plan, signal),
  };
}

/**
 * Opens a data set that is on IPFS already.
 *
 * @param timeoutMs for one file of it
 * @throws DATASET_MANIFEST_* · what `ContentStore.fetch` throws
 */
export async function openJobManifest(
  content: ContentStore,
  id: ContentId,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<JobData> {
  const options = { timeoutMs };
  const manifest = await fetchManifest(content, id, options, signal);
  const format = { encoding: manifest.encoding, features: featuresOf(manifest.inputShape) };
  return {
    inputShape: manifest.inputShape,
    classes: manifest.classes,
    parts: manifest.parts.map(({ samples }) => samples),
    holdoutSamples: manifest.holdout.samples,
    sampleBytes: bytesPerSample(format),
    part: (index, aborted) => fetchPart(content, manifest, index, options, aborted),
    holdout: (aborted) => fetchHoldout(content, manifest, options, aborted),
    publish: async () => ({ id, manifest }),
  };
}

function sampleBytesOf({ samples, featureScale, inputShape }: LabelledData): number {
  return bytesPerSample({
    encoding: encodingFor(samples.features, featureScale),
    features: featuresOf(inputShape satisfies InputShape),
  });
}

/** Where trainers bring their own data, all samples of the folder are the holdout. */
function planOf({ partition, holdout }: JobFile["data"], labels: Uint16Array): DataPlan {
  if (partition.kind === "own") return { parts: [], holdout: indicesUpTo(labels.length) };
  return planDataSet(labels, {
    parts: partition.parts,
    rule: partitionRule(partition),
    holdoutShare: holdout.kind === "public" ? holdout.share : 0,
    seed: String(partition.seed),
  });
}

function partitionRule(partition: Exclude<JobFile["data"]["partition"], { kind: "own" }>): PartitionRule {
  switch (partition.kind) {
    case "iid":
      return partition.shares === undefined ? { kind: "iid" } : { kind: "iid", shares: normalised(partition.shares) };
    case "dirichlet":
      return { kind: "dirichlet", alpha: partition.alpha };
    case "shards":
      return { kind: "shards", shardsPerPart: partition.shardsPerPart };
  }
}

/** Relative sizes as shares of the whole. */
function normalised(sizes: readonly number[]): readonly number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}
