import { z } from "zod";

import { attestationOf, scoresCommitment } from "@commonweight/sdk/protocol/commitments";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { CommonweightError } from "@commonweight/sdk/errors";
import { formatMoney, showMoney } from "@commonweight/sdk/job-file/money";
import { accuracyBps } from "@commonweight/sdk/protocol/scores";
import type { CommitteeView, JobView } from "@commonweight/sdk/chain/job-view";
import { packVector } from "@commonweight/sdk/protocol/score-vector";
import type { Call } from "../../chain/port.ts";
import type { Engine } from "../../engine/port.ts";
import type { Samples, Weights } from "../../model/tensors.ts";
import type { ModelState } from "../../model/model-state.ts";
import type { RevealedUpdate } from "../../scoring/score.ts";
import { holdReleases } from "../releases/hold-releases.ts";
import { serveReleases, type Serving } from "../releases/serve-releases.ts";
import { requireRoomForDepth } from "../worker/depth.ts";
import { Exam } from "../worker/exam.ts";
import { openJob, requireTerms, topicOf, type JobContext } from "../worker/job-context.ts";
import { fetchModel, publishModel } from "../worker/model-file.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { patiently } from "../worker/patiently.ts";
import { withProgress } from "../worker/status/progress.ts";
import { readRecord } from "../worker/read-record.ts";
import { Refusals } from "../worker/refusals.ts";
import { callOf, requireHope, send } from "../worker/send.ts";
import type { OwnData } from "../worker/own-data.ts";
import { withWarningAtEnd } from "../worker/warn-at-end.ts";
import { watchJob, type Role, type Step } from "../worker/watch.ts";
import { clusterLabels } from "./cluster-labels.ts";
import {
  modelBasis,
  nextValidatorAction,
  scoresBasis,
  type NextModel,
  type SealedScores,
  type ValidatorAction,
  type ValidatorMemory,
} from "./decide.ts";
import { openHoldouts, type Holdouts } from "./holdouts.ts";
import { nextModel } from "./next-model.ts";
import { clipUpdates, fetchUpdates } from "./round-updates.ts";
import type { Scorer } from "./scorer.ts";
import { readTrust } from "./trust.ts";

const sealedScores = z.strictObject({
  round: z.int(),
  attempt: z.int(),
  basis: z.string(),
  readable: z.boolean().optional(),
  scores: z.array(z.int()),
  labels: z.array(z.int()).optional(),
  fingerprint: z.int().optional(),
});
const preparedModel = z.strictObject({
  round: z.int(),
  attempt: z.int(),
  basis: z.string(),
  digest: z.string(),
  baseScore: z.int(),
  score: z.int(),
});

export interface ValidatorOptions {
  readonly jobId: bigint;
  /** Hash of the terms that the validator was told to take; any if left out. */
  readonly terms?: string | undefined;
  /** Reads the validator's private holdout, for jobs that have no common one. */
  readonly ownData?: OwnData | undefined;
}

export interface ValidatorModules extends WorkerModules {
  readonly scorer: Scorer;
  /** The engine for scoring and attestation: WASM. */
  readonly engine: Engine;
}

/**
 * Takes part in a job as a validator until it is over, then serves its released models as long as the specification
 * asks; or until `signal` aborts.
 */
export async function runValidator(
  given: ValidatorModules,
  options: ValidatorOptions,
  signal: AbortSignal,
): Promise<void> {
  const modules = { ...given, refusals: new Refusals() };
  const { chain, contracts, network } = modules;
  const { jobId } = options;
  await network.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  const job = await patiently(modules.log, signal, () => openJob(modules, jobId, signal));
  requireTerms(jobId, options.terms ?? job.terms, job.terms);
  const holdouts = await patiently(modules.log, signal, () => openHoldouts(modules, options, job, signal));
  const role = new ValidatorRole(modules, job, holdouts);
  const watched = { jobId, params: job.params, terms: job.terms, role };
  await withWarningAtEnd(modules, watched, () => watchJob(modules, watched, signal));
  if (signal.aborted || job.spec.servingSeconds === 0) return;
  const fetchMissing: Serving["fetchMissing"] = (view, aborted) => holdReleases(modules, job, view, aborted);
  await serveReleases(modules, { role: "validator", job, fetchMissing }, signal);
}

class ValidatorRole implements Role {
  readonly #modules: ValidatorModules;
  readonly #job: JobContext;
  readonly #holdouts: Holdouts;
  readonly #exam: Exam;
  #wasEnlisted = false;

  constructor(modules: ValidatorModules, job: JobContext, holdouts: Holdouts) {
    this.#modules = modules;
    this.#job = job;
    this.#holdouts = holdouts;
    this.#exam = new Exam(modules, job, "validator");
  }

  async step(view: JobView, signal: AbortSignal): Promise<Step> {
    this.#wasEnlisted ||= view.self.isEnlisted;
    const action = nextValidatorAction(view, await this.#memory(view));
    switch (action.kind) {
      case "wait":
        return "idle";
      case "stop":
        if (action.reason === "stake") await this.#tellStakeMissing();
        this.#modules.log.info(
          { reason: action.reason, next: "`commonweight withdraw` pays out what it earned." },
          "validator is done",
        );
        return "stop";
      case "enlist":
        return this.#enlist(signal);
      case "delist":
        return this.#send(await callOf(this.#modules.contracts.committees.delist, this.#job.jobId), {}, signal);
      case "score":
        return this.#score(view, signal);
      case "commit":
      case "reveal":
        return this.#open(seatOf(view), action, signal);
      case "aggregate":
        return this.#aggregate(view, signal);
      case "attest":
        return this.#attest(seatOf(view), action.model, signal);
    }
  }

  settlement(view: JobView): NextModel | undefined {
    const committee = view.round?.committee;
    return committee === undefined ? undefined : this.#model(view.roundNumber, committee.attempt);
  }

  async #enlist(signal: AbortSignal): Promise<Step> {
    const { jobId, terms } = this.#job;
    await requireRoomForDepth(this.#modules, this.#job);
    return this.#send(await callOf(this.#modules.contracts.committees.enlist, jobId, terms), {}, signal);
  }

  /** Warns a validator that was slashed; one that never had the stake is refused. */
  async #tellStakeMissing(): Promise<void> {
    const missing = await this.#stakeMissing();
    if (!this.#wasEnlisted) throw missing;
    this.#modules.log.warn({ code: missing.code, next: missing.hint }, missing.message);
  }

  /** `STAKE_TOO_LITTLE`, with the amount that is missing. */
  async #stakeMissing(): Promise<CommonweightError> {
    const { chain, contracts } = this.#modules;
    const { token, seatLock } = this.#job.params;
    const free = await contracts.registry.freeStake(token, chain.account);
    const native = await contracts.wrappedNative.getAddress();
    const { format } = await readToken(contracts, token);
    const missing = seatLock - free;
    const [needed, held] = [seatLock, free].map((units) => showMoney(units, format));
    return new CommonweightError(
      "STAKE_TOO_LITTLE",
      `job ${this.#job.jobId} locks ${needed} for a seat, and ${chain.account} has ${held} of free stake`,
      `Add ${formatMoney(missing, format)}: \`commonweight stake AMOUNT${token === native ? "" : ` --token ${token}`}\`, then run this again.`,
      { amounts: { actual: free, needed: seatLock, missing } },
    );
  }

  async #score(view: JobView, signal: AbortSignal): Promise<Step> {
    const { journal, log, scorer } = this.#modules;
    const { attempt, seed, clusters, fingerprints } = committeeOf(view);
    const round = view.roundNumber;
    const confirming = view.round?.confirming === true;
    const start = performance.now();
    const { readable, samples: holdout } = confirming
      ? { readable: undefined, samples: await this.#holdouts.ofRelease(view, signal) }
      : await this.#holdouts.of(view, signal);
    const { weights: base } = await this.#base(view, signal);
    const updates = clipUpdates(this.#job, await this.#updates(view, signal));
    const { scores, fingerprint } = await withProgress(log, {
      message: "still scoring",
      context: { round, updates: updates.length },
      run: () => scorer.score({ job: this.#job, base, updates, holdout, seed, confirming }, signal),
    });
    const order = view.round?.updates.map((update) => update.order) ?? [];
    const task = { job: this.#job, base, updates, order, holdout };
    const labels = clusters ? await clusterLabels(this.#modules.engine, task, signal) : undefined;
    log.info({ round, readable, scores, labels, seconds: (performance.now() - start) / 1000 }, "scored");
    const proof = fingerprints ? { fingerprint } : {};
    const sealed: SealedScores = { round, attempt, basis: scoresBasis(view), readable, scores, labels, ...proof };
    journal.record(this.#key("scores", round, attempt), sealed);
    return "acted";
  }

  /** Commits or reveals the scores. */
  async #open(
    seat: number,
    { kind, scores: sealed }: Extract<ValidatorAction, { kind: "commit" | "reveal" }>,
    signal: AbortSignal,
  ): Promise<Step> {
    const { chain, contracts, saltFor } = this.#modules;
    const { jobId } = this.#job;
    const { round, attempt } = sealed;
    const salt = saltFor({ role: "validator", jobId, round, attempt });
    const vector = packVector(sealed);
    if (kind === "reveal") {
      return this.#send(await callOf(contracts.panel.revealScores, jobId, seat, vector, salt), { round }, signal);
    }
    const panel = await contracts.panel.getAddress();
    const validator = chain.account;
    const parts = { chainId: chain.chainId, panel, jobId, round, attempt, validator, vector, salt };
    const call = await callOf(contracts.panel.commitScores, jobId, seat, scoresCommitment(parts));
    return this.#send(call, { round }, signal);
  }

  async #aggregate(view: JobView, signal: AbortSignal): Promise<Step> {
    const { contracts, content, journal, log } = this.#modules;
    const { attempt, consensus } = committeeOf(view);
    const round = view.roundNumber;
    const start = performance.now();
    const base = await this.#base(view, signal);
    const updates = await this.#updates(view, signal);
    const trust = await readTrust(contracts, this.#job, view);
    const next = nextModel({ job: this.#job, base, updates, consensus, trust });
    const digest = next === base ? view.modelDigest : await publishModel(content, this.#job, next);
    const { samples } = await this.#holdouts.of(view, signal);
    const baseScore = await this.#scoreOf(base.weights, await this.#holdouts.ofRelease(view, signal), signal);
    const score = await this.#scoreOf(next.weights, samples, signal);
    await this.#examine(view, next.weights, signal);
    log.info({ round, score, seconds: (performance.now() - start) / 1000 }, "computed the next model");
    journal.record(this.#key("model", round, attempt), {
      round,
      attempt,
      basis: modelBasis(view),
      digest,
      baseScore,
      score,
    } satisfies NextModel);
    return "acted";
  }

  /** Compares the round's shard with the public one, if both can be read. */
  async #examine(view: JobView, weights: Weights, signal: AbortSignal): Promise<void> {
    const publicShard = await this.#holdouts.publicShard(view, signal);
    const { readable, samples: shard } = await this.#holdouts.of(view, signal);
    if (publicShard === undefined || readable !== true) return;
    await this.#exam.compare({ round: view.roundNumber, weights, shard, publicShard }, signal);
  }

  async #attest(
    seat: number,
    { round, attempt, digest, baseScore, score }: NextModel,
    signal: AbortSignal,
  ): Promise<Step> {
    const { chain, contracts } = this.#modules;
    const { jobId } = this.#job;
    const panel = await contracts.panel.getAddress();
    const parts = { chainId: chain.chainId, panel, jobId, round, attempt, digest, baseScore, score };
    const attestation = attestationOf({ ...parts, validator: chain.account });
    return this.#send(await callOf(contracts.panel.attestModel, jobId, seat, attestation), { round }, signal);
  }

  /** Absolute accuracy in basis points; 0 on own holdouts, where the contract accepts no other value. */
  async #scoreOf(weights: Weights, holdout: Samples, signal: AbortSignal): Promise<number> {
    if (this.#job.params.holdout === "own") return 0;
    const { correct, count } = await this.#modules.engine.evaluate(
      { model: this.#job.spec.model, weights, samples: holdout },
      signal,
    );
    return accuracyBps(correct, count);
  }

  #base(view: JobView, signal: AbortSignal): Promise<ModelState> {
    return fetchModel(this.#modules.content, this.#job, view.modelDigest, signal);
  }

  #updates(view: JobView, signal: AbortSignal): Promise<readonly RevealedUpdate[]> {
    return fetchUpdates(this.#modules, this.#job, view, signal);
  }

  async #send(call: Call, context: object, signal: AbortSignal): Promise<Step> {
    const outcome = await send(this.#modules, call, signal);
    if (call.label === "enlist") await requireHope(this.#modules, call, outcome);
    if (outcome.kind !== "included") return "idle";
    this.#modules.log.info({ call: call.label, ...context }, "done");
    return "acted";
  }

  async #memory(view: JobView): Promise<ValidatorMemory> {
    const attempt = view.round?.committee?.attempt ?? 0;
    const { registry } = this.#modules.contracts;
    const freeStake = view.self.isEnlisted
      ? 0n
      : await registry.freeStake(this.#job.params.token, this.#modules.chain.account);
    const scores = readRecord(this.#modules, this.#key("scores", view.roundNumber, attempt), sealedScores);
    return { scores, model: this.#model(view.roundNumber, attempt), freeStake, leaves: this.#exam.leaves };
  }

  #model(round: number, attempt: number): NextModel | undefined {
    return readRecord(this.#modules, this.#key("model", round, attempt), preparedModel);
  }

  #key(name: string, round: number, attempt: number): string {
    return `validator/${this.#job.jobId}/${name}/${round}/${attempt}`;
  }
}

function seatOf(view: JobView): number {
  if (view.self.seat === undefined) throw new Error("the validator has no seat");
  return view.self.seat;
}

function committeeOf(view: JobView): CommitteeView {
  const committee = view.round?.committee;
  if (committee === undefined) throw new Error("the round has no committee");
  return committee;
}
