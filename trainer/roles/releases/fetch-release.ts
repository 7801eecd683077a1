import { BPS } from "@commonweight/sdk/protocol/limits";
import { contentIdOf, type ContentId } from "@commonweight/sdk/protocol/content-id";
import type { Release } from "@commonweight/sdk/chain/read-history";
import { MAX_SPEC_BYTES } from "@commonweight/sdk/spec/job-spec";
import { MANIFEST_LIMITS } from "../../data/data-set-manifest.ts";
import { inputUseOf } from "../../data/input-use.ts";
import { stateLayout } from "../../model/model-state.ts";
import { safetensorsSize } from "../../model/safetensors.ts";
import { modelFiles } from "../../model/usage/model-files.ts";
import type { ModelFacts } from "../../model/usage/model-facts.ts";
import type { JobContext } from "../worker/job-context.ts";
import { fetchModel } from "../worker/model-file.ts";
import type { WorkerModules } from "../worker/modules.ts";

/** A released model as files for its users. */
export interface ReleaseFiles {
  /** Content id of the model that the committee attested. */
  readonly model: ContentId;
  /** By name. `content/<id>` is a file that the chain or the specification names, byte for byte. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Where a job stands. */
export interface JobPlace {
  readonly chainId: bigint;
  /** Address of the market's contract. */
  readonly market: string;
}

/**
 * Fetches a released model and what a stranger needs to fetch it from this machine: specification and manifest.
 *
 * @throws WEIGHTS_* · errors of `ContentStore.fetch`
 */
export async function fetchRelease(
  { content, place }: Pick<WorkerModules, "content"> & { readonly place: JobPlace },
  job: JobContext,
  release: Release,
  signal: AbortSignal,
): Promise<ReleaseFiles> {
  const { weights } = await fetchModel(content, job, release.digest, signal);
  const { spec, layout, params } = job;
  const model = contentIdOf(release.digest);
  const raw: readonly (readonly [id: ContentId, maxBytes: number])[] = [
    [model, safetensorsSize(stateLayout(layout, spec.serverOptimizer))],
    [contentIdOf(params.specDigest), MAX_SPEC_BYTES],
    ...(spec.data.kind === "own" ? [] : [[spec.data.manifest, MANIFEST_LIMITS.bytes] as const]),
  ];
  const named: (readonly [name: string, bytes: Uint8Array])[] = [];
  for (const [id, maxBytes] of raw) named.push([`content/${id}`, await content.fetch(id, { maxBytes }, signal)]);
  const files = modelFiles(spec.model, weights, factsOf(job, release, place));
  return { model, files: { ...Object.fromEntries(named), ...files } };
}

/** What it takes to use a release, and where it comes from. */
export function factsOf(
  { jobId, params, spec, manifest }: JobContext,
  { round, version, digest, score, confirmed }: Release,
  { chainId, market }: JobPlace,
): ModelFacts {
  const { classNames, columnNames, scaling } = inputUseOf(manifest);
  const hasScores = params.holdout !== "own";
  return {
    name: spec.name,
    job: jobId.toString(),
    chain: chainId.toString(),
    market,
    round,
    version,
    model: contentIdOf(digest),
    inputShape: spec.model.input,
    classes: spec.model.classes,
    classNames: classNames?.length === spec.model.classes ? classNames : null,
    columnNames: columnNames ?? null,
    scaling: scaling ?? null,
    holdout: params.holdout,
    holdoutSamples: samplesOf(manifest, round),
    accuracy: hasScores ? score / BPS : null,
    confirmedAccuracy: hasScores && confirmed !== undefined ? confirmed / BPS : null,
  };
}

/** Samples that a round is scored on: the public holdout, or one sealed shard; all but one have one size. */
function samplesOf(manifest: JobContext["manifest"], round: number): number | null {
  const samples = manifest?.sealed?.shards[round]?.samples ?? manifest?.holdout.samples ?? 0;
  return samples === 0 ? null : samples;
}
