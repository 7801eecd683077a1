import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobFileProblem } from "@commonweight/sdk/job-file/job-file-error";
import type { JobFile } from "@commonweight/sdk/job-file/job-file-schema";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import type { ContentStore } from "../../content/port.ts";
import { loadJobFolder, openJobManifest, type JobData } from "../../roles/initiator/job-data.ts";
import type { CommonOptions } from "../options/options.ts";
import { withContent } from "../wiring/content.ts";

/** A job file as it lies on disk. */
export interface JobFileOnDisk {
  readonly path: string;
  readonly job: JobFile;
  readonly warnings: readonly JobFileProblem[];
}

/**
 * Reads and checks a job file.
 *
 * @throws JOB_FILE_UNREADABLE · JobFileError
 */
export async function readJobFile(path: string): Promise<JobFileOnDisk> {
  return { path, ...parseJobFile(await readText(path), path) };
}

/**
 * Loads the data that a job file names: its folder, relative to the file, or its manifest, from IPFS; `undefined` for
 * neither.
 *
 * @throws DATASET_* · PARTITION_* · CONTENT_*
 */
export async function loadJobData(
  { path, job: { data, rounds } }: JobFileOnDisk,
  content: ContentStore | undefined,
  signal: AbortSignal,
): Promise<JobData | undefined> {
  if (data.folder !== undefined) return loadJobFolder(resolve(dirname(path), data.folder), data, rounds);
  if (data.manifest === undefined || content === undefined) return undefined;
  return openJobManifest(content, data.manifest, signal);
}

/** Loads a job file's data where no content store is open yet: one is opened only for a manifest. */
export async function withJobData<Result>(
  common: CommonOptions,
  file: JobFileOnDisk,
  signal: AbortSignal,
  use: (data: JobData | undefined) => Promise<Result>,
): Promise<Result> {
  const load = (content?: ContentStore) => loadJobData(file, content, signal);
  if (file.job.data.manifest === undefined) return use(await load());
  return withContent(common, async ({ content }) => use(await load(content)));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CommonweightError(
      "JOB_FILE_UNREADABLE",
      `${file} cannot be read`,
      "Name a job file; scripts/job.example.yaml shows one.",
      { cause },
    );
  }
}
