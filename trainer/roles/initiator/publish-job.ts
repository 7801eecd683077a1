import { dirname, resolve } from "node:path";

import { digestOf, type ContentId } from "../../../sdk/content-id.ts";
import type { JobFile } from "../../../sdk/job-file-schema.ts";
import type { JobParams } from "../../../sdk/job-params.ts";
import { serialiseJobSpec } from "../../../sdk/job-spec.ts";
import type { TokenFormat } from "../../../sdk/money.ts";
import { resolveJobFile, resolveModel, type ModelFacts } from "../../../sdk/resolve-job-file.ts";
import { fetchManifest, publishDataSet, type PublishedDataSet } from "../../ml/data-set.ts";
import { loadDataSetFolder } from "../../ml/data-set-folder.ts";
import { indicesUpTo } from "../../ml/hash-stream.ts";
import type { DataSetManifest } from "../../ml/data-set-manifest.ts";
import { checkModel, initialWeights, tensorLayout } from "../../ml/model-layout.ts";
import type { PartitionRule } from "../../ml/partition.ts";
import { PRESETS } from "../../ml/presets.ts";
import { writeSafetensors } from "../../ml/safetensors.ts";
import { planDataSet, type DataPlan } from "../../ml/split.ts";
import type { ContentStore } from "../../content/port.ts";

/** Where a job file's data set comes from, and what it says of its samples. */
export interface JobData {
  readonly id: ContentId;
  readonly manifest: DataSetManifest;
}

/** The token that a job pays in, as the chain knows it. */
export interface JobToken {
  readonly address: string;
  readonly format: TokenFormat;
}

/**
 * Publishes all that a job names: data set, initial model, specification. The same job file gives the same content ids, so
 * doing it again after a crash changes nothing.
 *
 * @param jobFilePath folders in the job file are relative to it
 * @param now the newest block's time, in seconds
 */
export async function publishJob(
  content: ContentStore,
  job: JobFile,
  jobFilePath: string,
  token: JobToken,
  now: number,
  signal: AbortSignal,
): Promise<JobParams> {
  const data = await publishData(content, job, dirname(resolve(jobFilePath)), signal);
  const facts: ModelFacts = {
    presets: PRESETS,
    inputShape: data?.manifest.inputShape,
    classes: data?.manifest.classes,
  };
  const model = resolveModel(job, facts);
  checkModel(model);
  const initialModel = await content.add(writeSafetensors(tensorLayout(model), initialWeights(model)));
  const { spec, params } = resolveJobFile(job, {
    ...facts,
    manifest: data?.id,
    initialModel,
    holdoutSamples: data?.manifest.holdout.samples ?? 0,
    tokenAddress: token.address,
    tokenFormat: token.format,
    now,
  });
  const specId = await content.add(serialiseJobSpec(spec));
  return { ...params, specDigest: digestOf(specId) };
}

/** Publishes the job file's folder, or fetches the manifest that it names; `undefined` where trainers bring their data. */
async function publishData(
  content: ContentStore,
  job: JobFile,
  folder: string,
  signal: AbortSignal,
): Promise<JobData | undefined> {
  const { data } = job;
  if (data.manifest !== undefined) {
    const manifest = await fetchManifest(content, data.manifest, { timeoutMs: 60_000 }, signal);
    return { id: data.manifest, manifest };
  }
  if (data.folder === undefined) return undefined;
  return packFolder(content, resolve(folder, data.folder), job, signal);
}

async function packFolder(
  content: ContentStore,
  folder: string,
  { data }: JobFile,
  signal: AbortSignal,
): Promise<PublishedDataSet> {
  const labelled = await loadDataSetFolder(folder, {
    ...(data.shape === undefined ? {} : { shape: data.shape }),
    ...(data.classes === undefined ? {} : { classes: data.classes }),
  });
  return publishDataSet(content, labelled, planOf(data, labelled.samples.labels), signal);
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
