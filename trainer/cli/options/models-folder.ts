import { join } from "node:path";

import { z } from "zod";

/** `--models FOLDER`, or `--no-models`. */
export const modelsOption = z.union([z.string().min(1), z.literal(false)]).optional();

/** What `--models` says in the help text. */
export const MODELS_HELP = "folder for the released models; default models/job-NUMBER-TERMS";

/**
 * The folder for a job's released models. By default it names the job's terms too: another chain's job of the same
 * number gets another folder.
 */
export function modelsFolder(option: string | undefined, jobId: bigint, terms: string): string {
  return option ?? join("models", `job-${jobId}-${terms.slice(2, 10)}`);
}
