import { z } from "zod";

import { graceOf, type JobView } from "@commonweight/sdk/chain/job-view";
import { addressTree } from "@commonweight/sdk/protocol/address-tree";
import { updateCommitment } from "@commonweight/sdk/protocol/commitments";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "../../engine/port.ts";
import type { Samples } from "../../model/tensors.ts";
import { fetchPart } from "../../data/data-set.ts";
import { patiently } from "../worker/patiently.ts";
import type { Permit } from "@commonweight/sdk/chain/permit";
import { requireRoomForDepth } from "../worker/depth.ts";
import { Exam } from "../worker/exam.ts";
import { withProgress } from "../worker/status/progress.ts";
import { readRecord } from "../worker/read-record.ts";
import { openJob, ownDataMissing, requireTerms, topicOf, type JobContext } from "../worker/job-context.ts";
import { fetchModel } from "../worker/model-file.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { OpenedShards } from "../worker/opened-shards.ts";
import { trainingSamples, type OwnData } from "../worker/own-data.ts";
import { Refusals } from "../worker/refusals.ts";
import { callOf, requireHope, send } from "../worker/send.ts";
import { publishUpdate } from "../worker/update-file.ts";
import { withWarningAtEnd } from "../worker/warn-at-end.ts";
import { watchJob, type Role, type Step } from "../worker/watch.ts";
import { lateUpdate, nextTrainerAction, type PreparedUpdate, type TrainerAction } from "./decide.ts";
import type { Learner } from "./learner.ts";

const preparedUpdate = z.strictObject({
  round: z.int(),
  digest: z.string(),
  modelVersion: z.int().optional(),
  seconds: z.number().optional(),
});

export interface TrainerOptions {
  readonly jobId: bigint;
  /** Hash of the terms that the trainer was told to take; any if left out. */
  readonly terms?: string | undefined;
  /** Reads the trainer's private samples, for jobs without published ones. */
  readonly ownData?: OwnData | undefined;
}

export interface TrainerModules extends WorkerModules {
  readonly learner: Learner;
  /** Measures models on opened shards. */
  readonly engine: Pick<Engine, "evaluate">;
  /** Provides the tokens of the trainer's bond and lets the market take them, by the returned permit or by approval. */
  readonly provideBond: (job: JobContext, signal: AbortSignal) => Promise<Permit>;
}

/** Takes part in a job as a trainer until it is over or `signal` aborts. */
export async function runTrainer(given: TrainerModules, options: TrainerOptions, signal: AbortSignal): Promise<void> {
  const modules = { ...given, refusals: new Refusals() };
  const { chain, contracts, network } = modules;
  const { jobId } = options;
  await network.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  const job = await patiently(modules.log, signal, () => openJob(modules, jobId, signal));
  requireTerms(jobId, options.terms ?? job.terms, job.terms);
  // Before the bond is locked: refuses private samples that do not fit the job, or that are missing.
  const role = new TrainerRole(modules, job, await trainingSamples(job, options.ownData));
  const watched = { jobId, params: job.params, terms: job.terms, role };
  await withWarningAtEnd(modules, watched, () => watchJob(modules, watched, signal));
}

class TrainerRole implements Role {
  readonly #modules: TrainerModules;
  readonly #job: JobContext;
  readonly #exam: Exam;
  /** `undefined` if the holdout is not sealed. */
  readonly #shards: OpenedShards | undefined;
  /** Private samples; `undefined` if it trains on its part of the published ones. */
  readonly #ownSamples: Samples | undefined;
  /** That part, and the member's number that it belongs to. */
  #part: Samples | undefined;
  #partOf = -1;
  /** Newest round whose shard was compared with the public one. */
  #examined = 0;
  /** Whether it was logged that rounds do not wait for this trainer. */
  #isAbsent = false;
  /** Whether it was warned of the job's deadline. */
  #isWarned = false;

  /** @param ownSamples the trainer's private samples; its part of the published ones if `undefined` */
  constructor(modules: TrainerModules, job: JobContext, ownSamples: Samples | undefined) {
    this.#modules = modules;
    this.#ownSamples = ownSamples;
    this.#job = job;
    this.#exam = new Exam(modules, job, "trainer");
    if (job.manifest?.sealed !== undefined) this.#shards = new OpenedShards(modules, job.manifest);
  }

  async step(view: JobView, signal: AbortSignal): Promise<Step> {
    const action = nextTrainerAction(view, {
      prepared: this.#prepared(view.roundNumber),
      rejoins: this.#rejoins,
      examined: this.#examined,
      leaves: this.#exam.leaves,
    });
    this.#noteAbsence(view);
    switch (action.kind) {
      case "wait":
        return "idle";
      case "stop":
        this.#end(action.reason);
        return "stop";
      case "join":
        return this.#join(view, signal);
      case "train":
        return this.#train(view, signal);
      case "commit":
      case "reveal":
        return this.#open(view, action, signal);
      case "examine":
        return this.#examine(view, signal);
      case "leave":
        return this.#leave(signal);
      case "rejoin":
        return this.#rejoin(view, signal);
    }
  }

  #end(reason: Extract<TrainerAction, { kind: "stop" }>["reason"]): void {
    const { log } = this.#modules;
    if (reason === "forfeited") {
      const next = "`commonweight withdraw` pays out what it earned. To take part again, use another account.";
      log.warn(
        { code: "BOND_FORFEITED", job: `${this.#job.jobId}`, next },
        "this account's bond burns: it sealed an update and did not disclose it in time",
      );
    }
    log.info({ reason, next: "`commonweight withdraw` pays out its pay and its bond." }, "trainer is done");
  }

  async #join(view: JobView, signal: AbortSignal): Promise<Step> {
    const { contracts, journal, log } = this.#modules;
    const { jobId, terms } = this.#job;
    await requireRoomForDepth(this.#modules, this.#job);
    this.#warnOfDeadline(view);
    await this.#requireServed(view, signal);
    const permit = await this.#modules.provideBond(this.#job, signal);
    const call = await callOf(contracts.market.joinJob, jobId, terms, this.#invitation(), permit);
    const outcome = await send(this.#modules, call, signal);
    await requireHope(this.#modules, call, outcome);
    if (outcome.kind !== "included") return "idle";
    journal.record(this.#key("rejoins"), false);
    log.info({ jobId: jobId.toString() }, "joined the job");
    return "acted";
  }

  /** Warns once of a job that ends before a round that opened now could be over. */
  #warnOfDeadline(view: JobView): void {
    const { deadline } = view.params;
    if (this.#isWarned || view.time + graceOf(view) <= deadline) return;
    this.#isWarned = true;
    const next = "Join only if a round is about to open: the bond comes back when the job is closed.";
    this.#modules.log.warn(
      { code: "JOB_DEADLINE_NEAR", deadline, next },
      "the job ends within the length of one round",
    );
  }

  /**
   * Fetches the model, and the part of the data that this trainer gets if nobody joins before it: data that no peer
   * serves is noticed before the bond is paid.
   *
   * @throws CONTENT_UNAVAILABLE
   */
  async #requireServed({ modelDigest, members }: JobView, signal: AbortSignal): Promise<void> {
    const { content } = this.#modules;
    await fetchModel(content, this.#job, modelDigest, signal);
    const { manifest } = this.#job;
    if (this.#ownSamples !== undefined) return;
    if (manifest === undefined || manifest.parts.length === 0) throw ownDataMissing(this.#job.jobId);
    await fetchPart(content, manifest, members % manifest.parts.length, signal);
  }

  async #train(view: JobView, signal: AbortSignal): Promise<Step> {
    const { content, learner, journal, log } = this.#modules;
    const round = view.roundNumber;
    const late = lateUpdate(view, this.#earlierUpdates(round), this.#job.spec.update.maxStaleness);
    if (late !== undefined) {
      log.info({ round, trainedFor: late.round }, "committing an update that was too late for its round");
      journal.record(this.#key(`update/${round}`), { ...late, round } satisfies PreparedUpdate);
      return "acted";
    }
    const { weights: base } = await fetchModel(content, this.#job, view.modelDigest, signal);
    const samples = await this.#trainingSamples(view, signal);
    log.info({ round, samples: samples.count }, "training");
    const start = performance.now();
    const number = view.self.member?.number ?? 0;
    const update = await withProgress(log, {
      message: "still training",
      context: { round },
      run: (onProgress) => learner.learn({ job: this.#job, round, number, base, samples, onProgress }, signal),
    });
    const seconds = (performance.now() - start) / 1000;
    log.info({ round, seconds }, "trained");
    const { modelVersion } = view;
    const digest = await publishUpdate(content, this.#job, update, modelVersion);
    journal.record(this.#key(`update/${round}`), { round, digest, modelVersion, seconds } satisfies PreparedUpdate);
    return "acted";
  }

  /** Commits or reveals the prepared update. */
  async #open(
    view: JobView,
    { kind, digest }: Extract<TrainerAction, { kind: "commit" | "reveal" }>,
    signal: AbortSignal,
  ): Promise<Step> {
    const { chain, contracts, journal, log, saltFor } = this.#modules;
    const { jobId } = this.#job;
    const round = view.roundNumber;
    const salt = saltFor({ role: "trainer", jobId, round, attempt: 0 });
    const rounds = await contracts.rounds.getAddress();
    const commitment = { chainId: chain.chainId, rounds, jobId, round, trainer: chain.account, digest, salt };
    const call =
      kind === "commit"
        ? await callOf(contracts.rounds.commitUpdate, jobId, updateCommitment(commitment))
        : await callOf(contracts.rounds.revealUpdate, jobId, digest, salt);
    const outcome = await send(this.#modules, call, signal);
    if (outcome.kind !== "included") return "idle";
    // What it sealed it answers for: if its membership ends now, it does not join again by itself.
    if (kind === "commit" && this.#rejoins) journal.record(this.#key("rejoins"), false);
    log.info({ round }, kind === "commit" ? "update sealed" : "update disclosed");
    return "acted";
  }

  /**
   * Compares the round's shard with the public one, if both can be read. Tried once a round: a shard that nobody serves
   * must not keep the trainer from the next round.
   */
  async #examine(view: JobView, signal: AbortSignal): Promise<Step> {
    const { content, log } = this.#modules;
    const { jobId, roundNumber: round, block, modelDigest } = view;
    const key = view.round?.holdoutKey;
    this.#examined = round;
    if (this.#shards === undefined || key === undefined) return "acted";
    try {
      const publicShard = await this.#shards.readPublic(jobId, block, signal);
      const shard = await this.#shards.read({ jobId, round, key }, signal);
      if (shard === undefined || publicShard === undefined) return "acted";
      const { weights } = await fetchModel(content, this.#job, modelDigest, signal);
      await this.#exam.compare({ round, weights, shard, publicShard }, signal);
    } catch (error) {
      if (!(error instanceof CommonweightError) || error.code !== "CONTENT_UNAVAILABLE") throw error;
      log.warn({ round, code: error.code }, "the shard cannot be compared with the public one");
    }
    return "acted";
  }

  async #leave(signal: AbortSignal): Promise<Step> {
    const { contracts, log } = this.#modules;
    const { jobId } = this.#job;
    const outcome = await send(this.#modules, await callOf(contracts.market.leaveJob, jobId), signal);
    if (outcome.kind !== "included") return "idle";
    log.info({ jobId: jobId.toString() }, "left the job");
    return "acted";
  }

  /** Leaves and joins again. The record comes first: after a crash in between, the trainer joins again as well. */
  async #rejoin({ roundNumber: round }: JobView, signal: AbortSignal): Promise<Step> {
    const { chain, contracts, journal, log } = this.#modules;
    const { jobId, params } = this.#job;
    log.info({ jobId: jobId.toString(), round }, "the round closed without this trainer: it leaves and joins again");
    journal.record(this.#key("rejoins"), true);
    const left = await send(this.#modules, await callOf(contracts.market.leaveJob, jobId), signal);
    if (left.kind !== "included") {
      if (left.kind === "refused") journal.record(this.#key("rejoins"), false);
      return "idle";
    }
    // The bond that came back pays for the next one.
    if ((await contracts.market.withdrawable(params.token, chain.account)) > 0n) {
      await send(this.#modules, await callOf(contracts.market.withdraw, params.token, chain.account), signal);
    }
    return "acted";
  }

  /** Logs once for each absence that rounds do not wait for this trainer. */
  #noteAbsence({ self: { member }, roundNumber: round }: JobView): void {
    if (member === undefined || member.isExpected || member.lastCommitted === round) {
      this.#isAbsent = false;
      return;
    }
    if (this.#isAbsent) return;
    this.#isAbsent = true;
    this.#modules.log.warn(
      { round, lastSealed: member.lastCommitted },
      "this trainer missed a round: rounds do not wait for it until it has sealed an update again",
    );
  }

  async #trainingSamples(view: JobView, signal: AbortSignal): Promise<Samples> {
    if (this.#ownSamples !== undefined) return this.#ownSamples;
    const number = view.self.member?.number ?? 0;
    if (number !== this.#partOf) this.#part = undefined;
    this.#partOf = number;
    return (this.#part ??= await this.#fetchSamples(view, signal));
  }

  async #fetchSamples(view: JobView, signal: AbortSignal): Promise<Samples> {
    const { manifest } = this.#job;
    if (manifest === undefined) throw ownDataMissing(this.#job.jobId);
    const part = (view.self.member?.number ?? 0) % manifest.parts.length;
    return fetchPart(this.#modules.content, manifest, part, signal);
  }

  /** The proof that this account is invited; empty for an open job, or if not invited: then the contract reverts. */
  #invitation(): string[] {
    const { invited } = this.#job.spec;
    return invited.length === 0 ? [] : [...(addressTree(invited).proofOf(this.#modules.chain.account) ?? [])];
  }

  #prepared(round: number): PreparedUpdate | undefined {
    return readRecord(this.#modules, this.#key(`update/${round}`), preparedUpdate);
  }

  /** Prepared updates of earlier rounds, as far back as the job accepts them. */
  #earlierUpdates(round: number): readonly PreparedUpdate[] {
    const rounds = Array.from({ length: this.#job.spec.update.maxStaleness }, (_, age) => round - 1 - age);
    return rounds.flatMap((earlier) => this.#prepared(earlier) ?? []);
  }

  get #rejoins(): boolean {
    return this.#modules.journal.read(this.#key("rejoins")) === true;
  }

  #key(name: string): string {
    return `trainer/${this.#job.jobId}/${name}`;
  }
}
