import { digestOf, type ContentId } from "@commonweight/sdk/protocol/content-id";
import { holdoutTree, type HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { completeJob, type ResolvedJob } from "@commonweight/sdk/job-file/resolve-job-file";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { serialiseJobSpec } from "@commonweight/sdk/spec/job-spec";
import type { ContentStore } from "../../content/port.ts";
import type { DataSetManifest } from "../../data/data-set-manifest.ts";
import { tensorLayout } from "../../model/model-layout.ts";
import { writeSafetensors } from "../../model/safetensors.ts";
import type { PreparedJob } from "./prepare-job.ts";

/** A job whose files are on IPFS. */
export interface PublishedJob {
  readonly params: JobParams;
  readonly spec: ContentId;
  readonly initialModel: ContentId;
  /** `undefined` if trainers and validators use their own data. */
  readonly manifest: ContentId | undefined;
}

/** A resolved job, with the content to publish. */
export type PublishableJob = ResolvedJob & Pick<PreparedJob, "data" | "model" | "initial">;

/**
 * Publishes a job's data set, initial model and specification. The same job file gives the same content ids, so
 * publishing again after a crash has no effect.
 *
 * @param secrets of the posting account, for the keys of a sealed holdout
 */
export async function publishJob(
  content: ContentStore,
  job: PublishableJob,
  secrets: HoldoutSecrets,
  signal: AbortSignal,
): Promise<PublishedJob> {
  const published = await job.data?.publish(content, signal, secrets);
  const manifest = published?.id;
  const initialModel = await content.add(writeSafetensors(tensorLayout(job.model), job.initial));
  const holdoutRoot = rootOf(published?.manifest.sealed, secrets);
  const complete = completeJob(job, { manifest, initialModel, holdoutRoot });
  const spec = await content.add(serialiseJobSpec(complete.spec));
  return { params: { ...complete.params, specDigest: digestOf(spec) }, spec, initialModel, manifest };
}

/** The root over the keys of a sealed holdout; `undefined` for other holdouts. */
function rootOf(sealed: DataSetManifest["sealed"], secrets: HoldoutSecrets): string | undefined {
  if (sealed === undefined) return undefined;
  return holdoutTree(secrets.keysFor(sealed.seal, sealed.shards.length)).root;
}
