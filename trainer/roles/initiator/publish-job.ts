import { digestOf, type ContentId } from "@commonweight/sdk/protocol/content-id";
import type { HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { serialiseJobSpec } from "@commonweight/sdk/spec/job-spec";
import type { ContentStore } from "../../content/port.ts";
import { tensorLayout } from "../../model/model-layout.ts";
import { writeSafetensors } from "../../model/safetensors.ts";
import { resolvePrepared, type PreparedJob, type Resolution } from "./prepare-job.ts";

/** A job whose files are on IPFS. */
export interface PublishedJob {
  readonly params: JobParams;
  readonly spec: ContentId;
  readonly initialModel: ContentId;
  /** `undefined` where trainers and validators bring data of their own. */
  readonly manifest: ContentId | undefined;
}

/**
 * Publishes all that a job names: data set, initial model, specification. The same job file gives the same content ids, so
 * doing it again after a crash changes nothing.
 *
 * @param secrets of the account that posts: what a sealed holdout is encrypted with
 */
export async function publishJob(
  content: ContentStore,
  prepared: PreparedJob,
  { token, now }: Pick<Resolution, "token" | "now">,
  secrets: HoldoutSecrets,
  signal: AbortSignal,
): Promise<PublishedJob> {
  const { data, model, initial } = prepared;
  // Resolved once before anything is published: mistakes in the file come first.
  resolvePrepared(prepared, { token, now });
  const published = await data?.publish(content, signal, secrets);
  const manifest = published?.id;
  const sealed = published?.manifest.sealed;
  const keys = sealed === undefined ? {} : { holdoutKeys: secrets.keysFor(sealed.seal, sealed.shards.length) };
  const initialModel = await content.add(writeSafetensors(tensorLayout(model), initial));
  const resolved = resolvePrepared(prepared, { token, now, manifest, initialModel, ...keys });
  const spec = await content.add(serialiseJobSpec(resolved.spec));
  return { params: { ...resolved.params, specDigest: digestOf(spec) }, spec, initialModel, manifest };
}
