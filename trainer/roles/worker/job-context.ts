import { digestOf, contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { MAX_SPEC_BYTES, parseJobSpec, type JobSpec, type SpecDraft } from "@commonweight/sdk/spec/job-spec";
import { readJobParams } from "@commonweight/sdk/chain/read-job";
import { fetchManifest } from "../../data/data-set.ts";
import type { DataSetManifest } from "../../data/data-set-manifest.ts";
import { checkModel, tensorLayout, type TensorLayout } from "../../model/model-layout.ts";
import type { WorkerModules } from "./modules.ts";

/** A worker's view of a job: parameters from the chain, specification and data set from IPFS, all checked. */
export interface JobContext {
  readonly jobId: bigint;
  readonly params: JobParams;
  /** Hash of its terms, which whoever binds money to the job signs. */
  readonly terms: string;
  readonly spec: JobSpec;
  /** Layout of the model's weights and of an update. */
  readonly layout: readonly TensorLayout[];
  /** `undefined` if every trainer uses its own data. */
  readonly manifest: DataSetManifest | undefined;
}

/** The part of a job that training, scoring and merging need, without chain data and content ids. */
export interface JobRecipe {
  readonly spec: SpecDraft;
  readonly layout: readonly TensorLayout[];
}

/** The pub/sub topic on which a job's workers meet. */
export function topicOf(chainId: bigint, market: string, jobId: bigint): string {
  return `commonweight/${chainId}/${market.toLowerCase()}/${jobId}`;
}

/**
 * Reads a job with its specification and manifest, and checks them all.
 *
 * @throws JOB_UNKNOWN · JOB_SPEC_MISMATCH specification and parameters contradict each other · SPEC_* · MODEL_* ·
 * DATASET_* · errors of `ContentStore.fetch`
 */
export async function openJob(
  { contracts, content }: Pick<WorkerModules, "contracts" | "content">,
  jobId: bigint,
  signal: AbortSignal,
): Promise<JobContext> {
  const params = await readJobParams(contracts, jobId);
  const terms = await contracts.book.termsOf(jobId);
  const limits = { maxBytes: MAX_SPEC_BYTES };
  const spec = parseJobSpec(await content.fetch(contentIdOf(params.specDigest), limits, signal));
  requireMatch(jobId, params, spec);
  checkModel(spec.model);
  const manifest = spec.data.kind === "own" ? undefined : await fetchManifest(content, spec.data.manifest, {}, signal);
  requireData(jobId, spec, manifest);
  requireShards(jobId, params, manifest);
  return { jobId, params, terms, spec, layout: tensorLayout(spec.model), manifest };
}

/**
 * Refuses a job that is not the one looked at: after a reorganisation of the chain its number may be another job's.
 *
 * @throws JOB_OTHER_TERMS
 */
export function requireTerms(jobId: bigint, expected: string, actual: string): void {
  if (expected === actual) return;
  throw new CommonweightError(
    "JOB_OTHER_TERMS",
    `job ${jobId} has the terms ${actual}, not ${expected}`,
    "The chain was reorganised, or --terms names another job. Read the job again: `commonweight job show`.",
  );
}

/** `JOB_DATA_MISSING`: the job needs the worker's own data, and none was given. */
export function ownDataMissing(jobId: bigint): CommonweightError {
  return new CommonweightError(
    "JOB_DATA_MISSING",
    `job ${jobId} publishes no data for this role`,
    "Give a folder with your own data: --data FOLDER.",
  );
}

/** Values that are both on chain and in the specification must be equal. */
function requireMatch(jobId: bigint, params: JobParams, spec: JobSpec): void {
  const differs =
    (spec.holdout.kind !== params.holdout && "holdout") ||
    (spec.scoring.rule !== params.scoring && "scoring") ||
    (digestOf(spec.initialModel) !== params.modelDigest && "initial model") ||
    (spec.aggregation.rule === "trust" && params.scoring !== "accuracy" && "aggregation");
  if (differs) throw mismatch(jobId, `${differs} on chain and in the specification differ`);
}

function requireData(jobId: bigint, spec: JobSpec, manifest: DataSetManifest | undefined): void {
  if (manifest === undefined) return;
  const isSameShape = JSON.stringify(manifest.inputShape) === JSON.stringify(spec.model.input);
  const isSameSize = product(manifest.inputShape) === product(spec.model.input);
  if (!isSameShape && !isSameSize) throw mismatch(jobId, "the data set's samples do not fit the model");
  if (manifest.classes > spec.model.classes) throw mismatch(jobId, "the data set has more classes than the model");
}

/** A sealed holdout has a public shard and one for every round, and other holdouts have none. */
function requireShards(jobId: bigint, { holdout, rounds }: JobParams, manifest: DataSetManifest | undefined): void {
  const shards = manifest?.sealed?.shards.length ?? 0;
  const expected = holdout === "sealed" ? rounds + 1 : 0;
  if (shards !== expected) throw mismatch(jobId, `${shards} sealed shards for ${expected} rounds`);
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

function mismatch(jobId: bigint, reason: string): CommonweightError {
  return new CommonweightError(
    "JOB_SPEC_MISMATCH",
    `job ${jobId}: ${reason}`,
    "Do not take part in this job; its initiator can cancel it and post it again.",
  );
}
