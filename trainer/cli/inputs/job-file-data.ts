import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { decodeText } from "@commonweight/sdk/decode-text";
import { CommonweightError } from "@commonweight/sdk/errors";
import { JobFileError, type JobFileProblem, type PlacedJob } from "@commonweight/sdk/job-file/job-file-error";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import type { ContentStore } from "../../content/port.ts";
import { loadJobFolder, openJobManifest, type JobData } from "../../roles/initiator/job-data.ts";
import type { CommonOptions } from "../options/options.ts";
import { withContent } from "../wiring/content.ts";

/** A parsed job file with its path. */
export interface JobFileOnDisk extends PlacedJob {
  readonly path: string;
  readonly warnings: readonly JobFileProblem[];
}

/**
 * Reads and checks a job file. Where it has mistakes, but none that the data set depends on, the folder is read too, so
 * that what is wrong there is reported with them.
 *
 * @throws JOB_FILE_UNREADABLE · JobFileError
 */
export async function readJobFile(path: string): Promise<JobFileOnDisk> {
  const text = await readText(path);
  try {
    return { path, ...parseJobFile(text, path) };
  } catch (error) {
    if (!(error instanceof JobFileError)) throw error;
    const fault = await dataFault(path, error);
    throw fault === undefined ? error : new JobFileError(path, [...error.problems, fault]);
  }
}

/** What is wrong with the data set of a mistaken job file; `undefined` if that is not known. */
async function dataFault(path: string, { problems, rest }: JobFileError): Promise<JobFileProblem | undefined> {
  const folder = rest?.job.data.folder;
  // The number of rounds is that of a sealed holdout's shards.
  const isUnknown = problems.some(({ path: [section] }) => section === undefined || READ_BY_DATA.has(String(section)));
  if (rest === undefined || folder === undefined || isUnknown) return undefined;
  try {
    await loadJobFolder(resolve(dirname(path), folder), rest.job.data, rest.job.rounds);
    return undefined;
  } catch (error) {
    if (!(error instanceof CommonweightError)) throw error;
    return problemOf(error, rest);
  }
}

const READ_BY_DATA: ReadonlySet<string> = new Set(["data", "rounds"]);

/** An error of the data set as a mistake of the job file, at the key that names the folder or its columns. */
function problemOf({ code, message, hint }: CommonweightError, { placeOf }: PlacedJob): JobFileProblem {
  const path = ["data", code === "DATASET_CSV_COLUMN_UNKNOWN" ? "table" : "folder"];
  return { path, message, fix: hint, ...placeOf(path) };
}

/** Loads the folder that a job file names. Errors keep their codes, and begin with the place in the job file. */
async function loadNamedFolder(file: JobFileOnDisk, folder: string): Promise<JobData> {
  const { path, job } = file;
  try {
    return await loadJobFolder(resolve(dirname(path), folder), job.data, job.rounds);
  } catch (error) {
    if (!(error instanceof CommonweightError)) throw error;
    const { path: keys, message, line, column } = problemOf(error, file);
    const placed = `${path}:${line}:${column}: ${keys.join(".")}: ${message}`;
    throw new CommonweightError(error.code, placed, error.hint, { cause: error });
  }
}

/**
 * Loads a job file's data: from `data.folder`, relative to the file, or from the manifest on IPFS; `undefined` if
 * neither is given.
 *
 * @throws DATASET_* · PARTITION_* · CONTENT_*
 */
export async function loadJobData(
  file: JobFileOnDisk,
  content: ContentStore | undefined,
  signal: AbortSignal,
): Promise<JobData | undefined> {
  const { data } = file.job;
  if (data.folder !== undefined) return loadNamedFolder(file, data.folder);
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
