import type { FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";
import { areNumbered, numberedClasses } from "../../data/classes.ts";
import { featuresOf, type InputShape } from "../../data/labelled-data.ts";
import type { Samples } from "../../model/tensors.ts";
import { ownDataMissing, type JobContext } from "./job-context.ts";

/** What the private samples of a job must be like; the same for all its trainers and validators. */
export interface SampleFormat {
  readonly shape: InputShape;
  /** Names of the classes; "0", "1", ... if the job only numbers them. */
  readonly classNames: readonly string[];
  readonly scaling: FeatureScaling;
}

/**
 * Reads a worker's private samples in a job's format. Called before the worker binds money to the job.
 *
 * @throws DATASET_* the samples do not fit the job
 */
export type OwnData = (format: SampleFormat) => Promise<Samples>;

/** The format of a job's samples: from its manifest, or from its specification if it publishes no data. */
export function sampleFormatOf({ manifest, spec }: Pick<JobContext, "manifest" | "spec">): SampleFormat {
  const { input, classes } = spec.model;
  const numbered = numberedClasses(classes);
  if (spec.data.kind === "own") return { shape: input, classNames: numbered, scaling: spec.data.scaling };
  if (manifest === undefined) throw new Error("a job with a manifest, but none was fetched");
  const { classNames, inputShape, scaling } = manifest;
  // A flat model takes pictures too: their size is in the manifest.
  const shape = featuresOf(inputShape) === featuresOf(input) && inputShape.length === 3 ? inputShape : input;
  return { shape, classNames: areNumbered(classNames) ? numbered : classNames, scaling };
}

/**
 * Reads a trainer's private samples, if it has a folder of them; `undefined` if it trains on a published part.
 *
 * @throws JOB_DATA_MISSING the job publishes no parts, and no folder is given · DATASET_* the samples do not fit
 */
export async function trainingSamples(
  job: Pick<JobContext, "jobId" | "manifest" | "spec">,
  ownData: OwnData | undefined,
): Promise<Samples | undefined> {
  const samples = await ownData?.(sampleFormatOf(job));
  if (samples === undefined && (job.manifest?.parts.length ?? 0) === 0) throw ownDataMissing(job.jobId);
  return samples;
}
