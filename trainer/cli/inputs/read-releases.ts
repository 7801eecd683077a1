import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readHistory, releasesOf } from "@commonweight/sdk/chain/read-history";
import type { ReleasedJob } from "../../roles/releases/choose-release.ts";
import type { Reader } from "../wiring/reader.ts";

/** Reads a job's releases at the view's block. */
export async function readReleases({ contracts }: Pick<Reader, "contracts">, view: JobView): Promise<ReleasedJob> {
  const { rounds } = await readHistory(contracts, view);
  const { jobId, closed, params } = view;
  return { jobId, closed, holdout: params.holdout, releases: releasesOf(view, rounds) };
}
