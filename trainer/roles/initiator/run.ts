import { CommonweightError } from "@commonweight/sdk/errors";
import { holdoutTree, type HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { isHoldoutDue, isPublicShardDue, type JobView } from "@commonweight/sdk/chain/job-view";
import type { ModelShelf } from "../releases/model-shelf.ts";
import { ReleaseKeeper } from "../releases/release-keeper.ts";
import { serveReleases } from "../releases/serve-releases.ts";
import { Refusals } from "../worker/refusals.ts";
import { callOf, send } from "../worker/send.ts";
import { openJob, topicOf, type JobContext } from "../worker/job-context.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { patiently } from "../worker/patiently.ts";
import { withWarningAtEnd } from "../worker/warn-at-end.ts";
import { watchJob, type Role, type Step } from "../worker/watch.ts";

export interface InitiatorModules extends WorkerModules {
  /** Derives the keys of the job's sealed holdout. */
  readonly holdoutSecrets: HoldoutSecrets;
  /** Folder that the released models are written to. */
  readonly shelf: ModelShelf;
}

export interface InitiatorOptions {
  readonly jobId: bigint;
}

/**
 * Serves a job's files, fetches every released model into a folder and takes its turns at duties; once the job is
 * closed it serves the released models as long as the specification asks, or until `signal` aborts. The job does not
 * depend on this: other workers serve files that they fetched and do the same duties. Only a sealed holdout needs the
 * initiator: it opens the public shard, and each round's, or loses its bond.
 *
 * @throws JOB_HOLDOUT_KEYS the account's keys are not those that the job was posted with
 */
export async function runInitiator(
  given: InitiatorModules,
  options: InitiatorOptions,
  signal: AbortSignal,
): Promise<void> {
  const modules = { ...given, refusals: new Refusals() };
  const { chain, contracts, network } = modules;
  const { jobId } = options;
  const market = await contracts.market.getAddress();
  await network.meet(topicOf(chain.chainId, market, jobId), signal);
  const job = await patiently(modules.log, signal, () => openJob(modules, jobId, signal));
  const keeper = new ReleaseKeeper({ ...modules, place: { chainId: chain.chainId, market } }, job);
  const role = new InitiatorRole(modules, keeper, shardKeysOf(modules, job));
  const watched = { jobId, params: job.params, terms: job.terms, role };
  await withWarningAtEnd(modules, watched, () => watchJob(modules, watched, signal));
  if (signal.aborted) return;
  await serveReleases(
    modules,
    { role: "initiator", job, fetchMissing: (view, aborted) => keeper.keep(view, aborted) },
    signal,
  );
}

class InitiatorRole implements Role {
  readonly #modules: InitiatorModules;
  readonly #keeper: ReleaseKeeper;
  readonly #holdout: ShardKeys | undefined;

  constructor(modules: InitiatorModules, keeper: ReleaseKeeper, holdout: ShardKeys | undefined) {
    this.#modules = modules;
    this.#keeper = keeper;
    this.#holdout = holdout;
  }

  async step(view: JobView, signal: AbortSignal): Promise<Step> {
    const due = dueRound(view);
    if (due !== undefined && this.#holdout !== undefined) return this.#openHoldout(view, due, this.#holdout, signal);
    this.#keeper.note(view, signal);
    return view.phase === "closed" ? "stop" : "idle";
  }

  /** @param round whose shard is due; 0 for the public one */
  async #openHoldout(
    { jobId }: JobView,
    round: number,
    { keys, proofOf }: ShardKeys,
    signal: AbortSignal,
  ): Promise<Step> {
    const { contracts, log } = this.#modules;
    const shard = Number(await contracts.book.shardOf(jobId, round));
    const key = keys[shard];
    if (key === undefined) throw new RangeError(`the holdout has ${keys.length} shards, no shard ${shard}`);
    const call = await callOf(contracts.lifecycle.openHoldout, jobId, key, [...proofOf(shard)]);
    const outcome = await send(this.#modules, call, signal);
    if (outcome.kind !== "included") return "idle";
    log.info({ round, shard }, round === 0 ? "opened the public shard" : "opened the round's shard");
    return "acted";
  }
}

/** Keys of a job's shards, and their Merkle proofs. */
interface ShardKeys {
  readonly keys: readonly string[];
  readonly proofOf: (shard: number) => readonly string[];
}

/** Derives the keys of the job's shards; `undefined` if its holdout is not sealed. */
function shardKeysOf(
  { holdoutSecrets }: InitiatorModules,
  { jobId, manifest, params }: JobContext,
): ShardKeys | undefined {
  if (manifest?.sealed === undefined) return undefined;
  const keys = holdoutSecrets.keysFor(manifest.sealed.seal, manifest.sealed.shards.length);
  const { root, proofOf } = holdoutTree(keys);
  if (root === params.holdoutRoot) return { keys, proofOf };
  throw new CommonweightError(
    "JOB_HOLDOUT_KEYS",
    `this account's keys do not open the holdout of job ${jobId}`,
    "Use the key that the job was posted with.",
  );
}

/**
 * Returns the round whose shard is to be opened, 0 for the public one; `undefined` for none. A round's key is published
 * once no reorganisation can bring Training back: earlier, trainers could still fit updates to the shard.
 */
function dueRound(view: JobView): number | undefined {
  if (isPublicShardDue(view)) return view.phase === "training" && view.isDeep ? 0 : undefined;
  return isHoldoutDue(view) && view.isDeep ? view.roundNumber : undefined;
}
