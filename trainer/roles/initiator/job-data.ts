import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import type { HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import type { FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";
import type { JobFile } from "@commonweight/sdk/job-file/job-file-schema";
import type { ContentStore } from "../../content/port.ts";
import type { Samples } from "../../model/tensors.ts";
import { readDataSetFolder } from "../../data/folders/data-set-folder.ts";
import type { DataSetManifest } from "../../data/data-set-manifest.ts";
import { fetchHoldout, fetchManifest, fetchPart, publishDataSet } from "../../data/data-set.ts";
import { bytesPerSample, encodingFor } from "../../data/data-slice.ts";
import { indicesUpTo } from "../../random/hash-stream.ts";
import {
  featuresOf,
  scaleData,
  type LabelledData,
  type SourceReport,
  type TableChoices,
} from "../../data/labelled-data.ts";
import type { PartitionRule } from "../../data/partition.ts";
import { planDataSet, selectSamples, shardsOf, splitHoldout, type DataPlan } from "../../data/split.ts";

type TableSection = NonNullable<JobFile["data"]["table"]>;

/** A data set on IPFS. */
export interface DataSetOnIpfs {
  readonly id: ContentId;
  readonly manifest: DataSetManifest;
}

/** A job's data set, from a folder or from IPFS. */
export interface JobData {
  readonly inputShape: DataSetManifest["inputShape"];
  readonly classes: number;
  readonly classNames: readonly string[];
  readonly scaling: FeatureScaling;
  /** What was understood of the folder; of a published data set, what its manifest says. */
  readonly report: SourceReport;
  /** Number of samples in each part. */
  readonly parts: readonly number[];
  /** Number of samples that a round is scored on: those of the public holdout or of one sealed shard. */
  readonly holdoutSamples: number;
  /** Number of samples in all sealed shards. */
  readonly sealedSamples: number;
  /** Size of one sample on IPFS. */
  readonly sampleBytes: number;
  part(index: number, signal: AbortSignal): Promise<Samples>;
  /** The public samples for scoring. */
  holdout(signal: AbortSignal): Promise<Samples>;
  /** @param secrets for a sealed holdout */
  publish(content: ContentStore, signal: AbortSignal, secrets?: HoldoutSecrets): Promise<DataSetOnIpfs>;
}

/**
 * Loads a folder's data set and splits it by the job file. The same folder and file give the same parts.
 *
 * The parameters of the scaling come from the samples that everyone can read: those of the parts, else those of the
 * public holdout. So the manifest reveals nothing of a sealed shard.
 *
 * @param rounds number of rounds: a sealed holdout has one shard more
 * @throws DATASET_* · PARTITION_*
 */
export async function loadJobFolder(folder: string, data: JobFile["data"], rounds: number): Promise<JobData> {
  const raw = await readDataSetFolder(folder, {
    ...(data.shape === undefined ? {} : { shape: data.shape }),
    ...(data.classes === undefined ? {} : { classes: data.classes }),
    ...(data.table === undefined ? {} : { table: tableChoices(data.table) }),
  });
  const plan = planOf(data, rounds, raw.labels);
  const open = plan.parts.length === 0 ? plan.holdout : concatenated(plan.parts);
  const labelled = scaleData(raw, data.scaling, open);
  const none = new Uint32Array();
  return {
    inputShape: [...labelled.inputShape],
    classes: labelled.classes,
    ...{ classNames: labelled.classNames, scaling: labelled.scaling, report: labelled.report },
    parts: plan.parts.map(({ length }) => length),
    holdoutSamples: (plan.shards[0] ?? plan.holdout).length,
    sealedSamples: plan.shards.reduce((sum, { length }) => sum + length, 0),
    sampleBytes: sampleBytesOf(labelled),
    part: async (index) => selectSamples(labelled.samples, plan.parts[index] ?? none),
    holdout: async () => selectSamples(labelled.samples, plan.holdout),
    publish: (content, signal, secrets) => publishDataSet(content, { data: labelled, plan, secrets }, signal),
  };
}

/**
 * Opens a published data set.
 *
 * @throws DATASET_MANIFEST_* · errors of `ContentStore.fetch`
 */
export async function openJobManifest(content: ContentStore, id: ContentId, signal: AbortSignal): Promise<JobData> {
  const manifest = await fetchManifest(content, id, {}, signal);
  const { classNames, scaling } = manifest;
  const format = { encoding: manifest.encoding, features: featuresOf(manifest.inputShape) };
  const understood = [`samples of ${manifest.inputShape.join(" x ")} values`, `classes: ${classNames.join(", ")}`];
  return {
    inputShape: manifest.inputShape,
    classes: manifest.classes,
    ...{ classNames, scaling, report: { understood, warnings: [] } },
    parts: manifest.parts.map(({ samples }) => samples),
    holdoutSamples: manifest.holdout.samples,
    sealedSamples: 0,
    sampleBytes: bytesPerSample(format),
    part: (index, aborted) => fetchPart(content, manifest, index, aborted),
    holdout: (aborted) => fetchHoldout(content, manifest, aborted),
    publish: async () => ({ id, manifest }),
  };
}

function sampleBytesOf({ samples, scaling, inputShape }: LabelledData): number {
  const features = featuresOf(inputShape);
  return bytesPerSample({ encoding: encodingFor(samples.features, scaling, features), features });
}

/** Leaves out what the job file leaves out. */
function tableChoices({ label, header, leaveOut, keepIndex, skipMissing }: TableSection): TableChoices {
  return {
    ...(label === undefined ? {} : { label }),
    ...(header === undefined ? {} : { header }),
    ...(leaveOut === undefined ? {} : { leaveOut }),
    ...(keepIndex === undefined ? {} : { keepIndex }),
    ...(skipMissing === undefined ? {} : { skipMissing }),
  };
}

/** In the order of the parts: the same sums, to the bit, whoever computes them. */
function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function planOf({ partition, holdout }: JobFile["data"], rounds: number, labels: Uint16Array): DataPlan {
  const isSealed = holdout.kind === "sealed";
  if (partition.kind === "own") return holdoutOnly(labels.length, isSealed ? holdout.publicShare : 1, rounds);
  return planDataSet(labels, {
    parts: partition.parts,
    rule: partitionRule(partition),
    holdoutShare: { public: holdout.share, sealed: holdout.publicShare, own: 0 }[holdout.kind],
    ...(isSealed ? { sealed: { share: holdout.share, shards: rounds + 1 } } : {}),
    seed: String(partition.seed),
  });
}

/** If trainers use their own data, all samples of the folder are the holdout. */
function holdoutOnly(count: number, publicShare: number, rounds: number): DataPlan {
  if (publicShare === 1) return { parts: [], holdout: indicesUpTo(count), shards: [] };
  const { train, holdout } = splitHoldout(count, publicShare, "0");
  return { parts: [], holdout, shards: shardsOf(train, rounds + 1) };
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

/** Relative sizes as shares with sum 1. */
function normalised(sizes: readonly number[]): readonly number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}
