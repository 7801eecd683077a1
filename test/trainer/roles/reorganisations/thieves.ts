import { id as keccakOf, type HDNodeWallet } from "ethers";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import { scoresCommitment, updateCommitment } from "@commonweight/sdk/protocol/commitments";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { packVector } from "@commonweight/sdk/protocol/score-vector";
import type { Call } from "../../../../experiments/lab/driver/job-calls.ts";
import type { Stage } from "./stage.ts";

/** Where the chain is reorganised; the thieves act last in each, so that a new branch leaves the phase before open. */
export type Scene = "training" | "disclosure" | "scoring" | "reveal" | "attestation";

const SALT = keccakOf("thief");
const GARBAGE = keccakOf("garbage");

/** What the thieves read in blocks, wherever these are now. */
interface Loot {
  digest: string | undefined;
  vector: bigint[] | undefined;
}

/**
 * A member and a validator that did no work: they commit last and garbage, and once a reorganisation opens the phase of
 * commitments again they commit first what honest workers revealed on the other branch.
 */
export class Thieves {
  readonly #stage: Stage;
  readonly #loot: Loot = { digest: undefined, vector: undefined };
  /** What they committed last. */
  #digest = GARBAGE;
  #vector: bigint[] = [];
  #params: JobParams | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async viewOf(wallet: HDNodeWallet, block: number): Promise<JobView> {
    const { contracts, chain, job } = this.#stage;
    this.#params ??= await readJobParams(contracts, job.id);
    const timestamp = (await chain.provider.getBlock(block))?.timestamp ?? 0;
    const at = { number: block, timestamp };
    return readJob(contracts, { jobId: job.id, params: this.#params, account: wallet.address, block: at });
  }

  /** Reads what a block reveals. */
  async read(block: number): Promise<void> {
    const { rounds, panel } = this.#stage.contracts;
    const own: readonly string[] = Object.values(this.#stage.thieves).map(({ address }) => address);
    for (const { from, data } of await this.#stage.chain.transactionsOf(block)) {
      if (own.includes(from)) continue;
      const update = rounds.interface.parseTransaction({ data });
      if (update?.name === "revealUpdate") this.#loot.digest ??= String(update.args.digest);
      const scores = panel.interface.parseTransaction({ data });
      if (scores?.name === "revealScores") this.#loot.vector ??= [...(scores.args.vector as bigint[])];
    }
  }

  /** Signs what steals on a branch that starts after `fork`, if anything can be stolen there. */
  async steal(fork: number): Promise<readonly string[]> {
    const { trainer, validator } = this.#stage.thieves;
    const [member, seat] = await Promise.all([this.viewOf(trainer, fork), this.viewOf(validator, fork)]);
    const { digest, vector } = this.#loot;
    if (digest !== undefined && member.phase === "training" && !hasSealed(member)) {
      this.#digest = digest;
      return [await this.#signed(trainer, await this.#commitUpdate(member, digest), fork)];
    }
    if (
      vector !== undefined &&
      seat.phase === "scoring" &&
      seat.round?.committee?.seats[seatOf(seat)]?.hasCommitted === false
    ) {
      this.#vector = vector;
      return [await this.#signed(validator, await this.#commitScores(seat, vector), fork)];
    }
    return [];
  }

  /** What they do to keep the job going, scene by scene; `played` holds the scenes that are over. */
  async step(block: number, played: ReadonlySet<Scene>): Promise<void> {
    const { trainer, validator } = this.#stage.thieves;
    await this.#send(trainer, await this.#memberCall(await this.viewOf(trainer, block), played));
    await this.#send(validator, await this.#seatCall(await this.viewOf(validator, block), played));
  }

  async #memberCall(view: JobView, played: ReadonlySet<Scene>): Promise<Call | undefined> {
    const { job, thieves, trainers } = this.#stage;
    if (view.phase === "waiting" && view.self.member === undefined && !view.closed) return job.join(thieves.trainer);
    const committed = view.round?.committed ?? 0;
    if (view.phase === "training" && !hasSealed(view) && committed === trainers.length && played.has("training")) {
      this.#digest = GARBAGE;
      return this.#commitUpdate(view, GARBAGE);
    }
    const isDue = view.phase === "disclosure" && hasSealed(view) && view.self.member?.lastRevealed !== view.roundNumber;
    return isDue && played.has("disclosure") ? job.revealUpdate(thieves.trainer, this.#digest, SALT) : undefined;
  }

  async #seatCall(view: JobView, played: ReadonlySet<Scene>): Promise<Call | undefined> {
    const { job, thieves } = this.#stage;
    const thief = thieves.validator;
    if (view.phase === "waiting" && !view.self.isEnlisted && !view.closed) return job.enlist(thief);
    const seats = view.round?.committee?.seats ?? [];
    const own = view.self.seat === undefined ? undefined : seats[view.self.seat];
    if (own === undefined) return undefined;
    const others = seats.filter((seat) => seat !== own);
    if (view.phase === "scoring" && !own.hasCommitted && played.has("scoring")) {
      if (!others.every((seat) => seat.hasCommitted)) return undefined;
      const scores = (view.round?.updates ?? []).map(() => 7);
      this.#vector = packVector({ scores, fingerprint: 4_711 });
      return this.#commitScores(view, this.#vector);
    }
    if (view.phase === "reveal" && own.hasCommitted && !own.hasRevealed && played.has("reveal")) {
      return job.revealScores(thief, seatOf(view), this.#vector, SALT);
    }
    const isLast = view.phase === "attestation" && !own.hasAttested && played.has("attestation");
    return isLast ? job.attestModel(thief, seatOf(view), GARBAGE) : undefined;
  }

  async #commitUpdate(view: JobView, digest: string): Promise<Call> {
    const { job, deployment, thieves } = this.#stage;
    const place = { ...(await job.updatesPlace()), chainId: deployment.chainId, round: view.roundNumber };
    const { trainer } = thieves;
    return job.commitUpdate(trainer, updateCommitment({ ...place, trainer: trainer.address, digest, salt: SALT }));
  }

  async #commitScores(view: JobView, vector: readonly bigint[]): Promise<Call> {
    const { job, deployment, thieves } = this.#stage;
    const attempt = view.round?.committee?.attempt ?? 0;
    const place = { ...(await job.scoresPlace()), chainId: deployment.chainId, round: view.roundNumber, attempt };
    const { validator } = thieves;
    const opening = { ...place, validator: validator.address, vector, salt: SALT };
    return job.commitScores(validator, seatOf(view), scoresCommitment(opening));
  }

  /** Sends a call unless one waits. */
  async #send(wallet: HDNodeWallet, call: Call | undefined): Promise<void> {
    if (call === undefined) return;
    const { provider } = this.#stage.chain;
    const [latest, pending] = await Promise.all([
      provider.getTransactionCount(wallet.address, "latest"),
      provider.getTransactionCount(wallet.address, "pending"),
    ]);
    if (pending === latest) await wallet.sendTransaction({ ...call, gasLimit: 2_000_000, nonce: latest });
  }

  async #signed(wallet: HDNodeWallet, { to, data }: Call, fork: number): Promise<string> {
    const nonce = await this.#stage.chain.provider.getTransactionCount(wallet.address, fork);
    const fees = { maxFeePerGas: 500_000_000_000n, maxPriorityFeePerGas: 100_000_000_000n };
    const { chainId } = this.#stage.deployment;
    return wallet.signTransaction({ type: 2, chainId, to, data, nonce, gasLimit: 2_000_000, ...fees });
  }
}

function hasSealed({ self, roundNumber }: JobView): boolean {
  return self.member?.lastCommitted === roundNumber;
}

function seatOf({ self }: JobView): number {
  return self.seat ?? -1;
}
