import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { decodeText } from "@commonweight/sdk/decode-text";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobFileProblem } from "@commonweight/sdk/job-file/job-file-error";
import type { JobFile } from "@commonweight/sdk/job-file/job-file-schema";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import type { ContentStore } from "../../content/port.ts";
import { loadJobFolder, openJobManifest, type JobData } from "../../roles/initiator/job-data.ts";
import type { CommonOptions } from "../options/options.ts";
import { withContent } from "../wiring/content.ts";

/** A parsed job file with its path. */
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
 * Loads a job file's data: from `data.folder`, relative to the file, or from the manifest on IPFS; `undefined` if
 * neither is given.
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

/** Loads a job file's data and runs `use`; opens a content store only if the data comes from a manifest. */
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
  const text = decodeText(await readBytes(file));
  if (text !== undefined) return text;
  throw new CommonweightError("JOB_FILE_UNREADABLE", `${file} is not UTF-8`, "Save the job file as UTF-8.");
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CommonweightError(
      "JOB_FILE_UNREADABLE",
      `${file} cannot be read`,
      "Pass the path of a job file; scripts/job.example.yaml is an example.",
      { cause },
    );
  }
}
