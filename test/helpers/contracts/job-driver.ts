import type { ContractTransactionResponse } from "ethers";

import { type Signer, at } from "./chain.ts";
import {
  type CommitmentPlace,
  type Release,
  attestation,
  digestOf,
  packLabels,
  packScores,
  randomSalt,
  scoresCommitment,
  updateCommitment,
} from "./commitments.ts";
import { HOLDOUT, type JobTerms, PHASE, type PhaseName, NO_PERMIT } from "./job-params.ts";
import type { World } from "./world.ts";

type Sent = Promise<ContractTransactionResponse>;

/** What a trainer does in a round. */
export interface UpdatePlan {
  readonly trainer: Signer;
  /** Name of the content: equal names are equal bytes. */
  readonly content: string;
  /** False: commits and never discloses. */
  readonly reveals?: boolean;
}

/** What a seat does in an attempt. */
export interface SeatPlan {
  /** Undefined: stays silent. One score for each update, in the order of disclosure, after what judges a sealed holdout. */
  readonly scores: readonly number[] | undefined;
  /** One for each update where the job has clusters. */
  readonly labels?: readonly number[];
  /** What it says of its computation on a common holdout; all honest seats the same. */
  readonly fingerprint?: number;
  /** False: commits and never reveals. */
  readonly reveals?: boolean;
  /** Undefined: does not attest. */
  readonly attests: Release | undefined;
}

/** Everyone's behaviour in a round that goes as far as its attestations. */
export interface RoundPlan {
  readonly updates: readonly UpdatePlan[];
  /** What the seats do that `seats` says nothing of. */
  readonly honest: SeatPlan;
  /** What single seats do instead, by seat. */
  readonly seats?: Readonly<Record<number, SeatPlan>>;
}

/** Of the one computation that all honest seats make. */
export const FINGERPRINT = 0xc0ffee;

interface Opening {
  readonly packed: bigint[];
  readonly salt: string;
}

/** Drives one job on the chain: each function sends what its user would, and remembers what the user must. */
export class JobDriver {
  readonly world: World;
  readonly id: bigint;
  readonly terms: JobTerms;
  readonly #updates = new Map<string, { digest: string; salt: string }>();
  readonly #scores = new Map<string, Opening>();

  constructor(world: World, id: bigint, terms: JobTerms) {
    this.world = world;
    this.id = id;
    this.terms = terms;
  }

  /** Posts a job in the initiator's name. */
  static async post(world: World, terms: JobTerms): Promise<JobDriver> {
    await world.market.connect(world.initiator).postJob(terms, NO_PERMIT);
    return new JobDriver(world, await world.book.jobCount(), terms);
  }

  // ---- facts

  async now(): Promise<number> {
    return this.world.chain.helpers.time.latest();
  }

  /** Returns the phase at the latest block's time. */
  async phase(): Promise<PhaseName> {
    const phase = await this.world.rounds.phaseAt(this.id, await this.now());
    const name = Object.entries(PHASE).find(([, value]) => value === phase)?.[0];
    return name as PhaseName;
  }

  async job() {
    return this.world.rounds.jobOf(this.id);
  }

  async round(): Promise<bigint> {
    return (await this.job()).round;
  }

  async facts() {
    return (await this.world.rounds.roundOf(this.id, await this.round(), await this.now()))[0];
  }

  async result(round: bigint) {
    return (await this.world.rounds.roundOf(this.id, round, 0))[1];
  }

  async trainersPay(round: bigint) {
    return this.world.market.trainersPayOf(this.id, round);
  }

  async attempt(): Promise<bigint> {
    return this.world.panel.attemptOf(this.id, await this.round());
  }

  async committee(round?: bigint, attempt?: bigint) {
    const [committee, seats] = await this.world.panel.committeeOf(
      this.id,
      round ?? (await this.round()),
      attempt ?? (await this.attempt()),
    );
    return { committee, seats };
  }

  /** Returns the seats' holders, by seat. */
  async holders(): Promise<Signer[]> {
    const { seats } = await this.committee();
    return seats.map((seat) => this.signer(seat.validator));
  }

  signer(address: string): Signer {
    const signer = this.world.everyone.find((candidate) => candidate.address === address);
    if (signer === undefined) throw new Error(`nobody has the address ${address}`);
    return signer;
  }

  async settlementEnd(): Promise<number> {
    const { committee } = await this.committee();
    return Number(committee.facts.attestationEnd) + this.terms.settlementPeriod;
  }

  async roundsPlace(): Promise<CommitmentPlace> {
    return this.#place(await this.world.rounds.getAddress());
  }

  async panelPlace(): Promise<CommitmentPlace> {
    return this.#place(await this.world.panel.getAddress());
  }

  // ---- time

  /** Mines a block at `time`, unless it is past already. */
  async passTo(time: number | bigint): Promise<void> {
    if ((await this.now()) < Number(time)) await this.world.chain.helpers.time.increaseTo(time);
  }

  async passTraining(): Promise<void> {
    await this.passTo((await this.facts()).trainingEnd);
  }

  async passDisclosure(): Promise<void> {
    await this.passTo((await this.facts()).disclosureEnd);
  }

  async passScoring(): Promise<void> {
    await this.passTo((await this.committee()).committee.facts.scoringEnd);
  }

  async passReveal(): Promise<void> {
    const { committee } = await this.committee();
    await this.passTo(committee.facts.committed === 0n ? committee.facts.scoringEnd : committee.facts.revealEnd);
  }

  async passAttestation(): Promise<void> {
    await this.passTo((await this.committee()).committee.facts.attestationEnd);
  }

  async passSettlement(): Promise<void> {
    await this.passTo(await this.settlementEnd());
  }

  async passDeadline(): Promise<void> {
    await this.passTo(this.terms.deadline);
  }

  // ---- members and validators

  async join(...trainers: readonly Signer[]): Promise<void> {
    for (const trainer of trainers) await this.world.market.connect(trainer).joinJob(this.id, [], NO_PERMIT);
  }

  /** Stakes what one seat needs, and enlists. */
  async enlist(...validators: readonly Signer[]): Promise<void> {
    const { registry, panel } = this.world;
    for (const validator of validators) {
      await registry.connect(validator).stake(this.terms.token, this.terms.seatLock, NO_PERMIT);
      await panel.connect(validator).enlist(this.id);
    }
  }

  // ---- a round, step by step

  open(): Sent {
    return this.world.rounds.connect(this.world.stranger).openRound(this.id);
  }

  async commit(trainer: Signer, content: string): Promise<ContractTransactionResponse> {
    const opening = { digest: digestOf(content), salt: randomSalt() };
    const place = await this.roundsPlace();
    this.#updates.set(`${place.round} ${trainer.address}`, opening);
    const commitment = updateCommitment(place, trainer.address, opening.digest, opening.salt);
    return this.world.rounds.connect(trainer).commitUpdate(this.id, commitment);
  }

  async reveal(trainer: Signer): Promise<ContractTransactionResponse> {
    const opening = this.updateOpening(trainer, await this.round());
    return this.world.rounds.connect(trainer).revealUpdate(this.id, opening.digest, opening.salt);
  }

  /** Returns what a trainer must disclose of what it sealed in a round. */
  updateOpening(trainer: Signer, round: bigint): { digest: string; salt: string } {
    const opening = this.#updates.get(`${round} ${trainer.address}`);
    if (opening === undefined) throw new Error("nothing committed");
    return opening;
  }

  arm(): Sent {
    return this.world.panel.connect(this.world.stranger).armDraw(this.id);
  }

  draw(): Sent {
    return this.world.panel.connect(this.world.stranger).drawCommittee(this.id);
  }

  async armAndDraw(): Promise<void> {
    await this.arm();
    await this.draw();
  }

  async commitScores(
    seat: number,
    scores: readonly number[],
    { labels = [], fingerprint = FINGERPRINT }: Pick<SeatPlan, "labels" | "fingerprint"> = {},
  ): Promise<ContractTransactionResponse> {
    const holder = at(await this.holders(), seat);
    const opening = { packed: this.#vector(scores, labels, fingerprint), salt: randomSalt() };
    const place = await this.panelPlace();
    const attempt = await this.attempt();
    this.#scores.set(`${place.round} ${attempt} ${seat}`, opening);
    const commitment = scoresCommitment(place, attempt, holder.address, opening.packed, opening.salt);
    return this.world.panel.connect(holder).commitScores(this.id, seat, commitment);
  }

  /** Scores, labels where there are any, and on a common holdout the fingerprint behind them. */
  #vector(scores: readonly number[], labels: readonly number[], fingerprint: number): bigint[] {
    const isCommon = this.terms.holdout !== HOLDOUT.own;
    return [...packScores(scores), ...packLabels(labels), ...(isCommon ? [BigInt(fingerprint)] : [])];
  }

  async revealScores(seat: number): Promise<ContractTransactionResponse> {
    const holder = at(await this.holders(), seat);
    const { packed, salt } = await this.scoresOpening(seat);
    return this.world.panel.connect(holder).revealScores(this.id, seat, packed, salt);
  }

  /** Returns what a seat must reveal. */
  async scoresOpening(seat: number): Promise<Opening> {
    return this.scoresOpeningIn(seat, await this.round(), await this.attempt());
  }

  /** Returns what a seat had to reveal in an attempt. */
  scoresOpeningIn(seat: number, round: bigint, attempt: bigint): Opening {
    const opening = this.#scores.get(`${round} ${attempt} ${seat}`);
    if (opening === undefined) throw new Error("nothing committed");
    return opening;
  }

  tally(count = 64): Sent {
    return this.world.panel.connect(this.world.stranger).tally(this.id, count);
  }

  async attest(seat: number, release: Release): Promise<ContractTransactionResponse> {
    const holder = at(await this.holders(), seat);
    const place = await this.panelPlace();
    const sealed = attestation(place, await this.attempt(), holder.address, release);
    return this.world.panel.connect(holder).attestModel(this.id, seat, sealed);
  }

  settle(release: Release): Sent {
    const { panel, stranger } = this.world;
    return panel.connect(stranger).settle(this.id, release.digest, release.baseScore, release.score);
  }

  failAttempt(): Sent {
    return this.world.panel.connect(this.world.stranger).failAttempt(this.id);
  }

  // ---- a round, whole

  /** Updates of the given trainers, each with content of its own. */
  async ownUpdates(...trainers: readonly Signer[]): Promise<UpdatePlan[]> {
    const round = await this.round();
    return trainers.map((trainer) => ({ trainer, content: `${trainer.address} in round ${round}` }));
  }

  /** From Training to the end of Disclosure. */
  async train(updates: readonly UpdatePlan[]): Promise<void> {
    for (const { trainer, content } of updates) await this.commit(trainer, content);
    await this.passTraining();
    for (const { trainer, reveals } of updates) if (reveals !== false) await this.reveal(trainer);
    await this.passDisclosure();
  }

  /** From Draw to the end of Reveal. */
  async score(plan: Omit<RoundPlan, "updates">): Promise<void> {
    await this.armAndDraw();
    const seats = Number((await this.committee()).committee.facts.seats);
    for (let seat = 0; seat < seats; seat++) {
      const planned = seatPlan(plan, seat);
      if (planned.scores !== undefined) await this.commitScores(seat, planned.scores, planned);
    }
    await this.passScoring();
    for (let seat = 0; seat < seats; seat++) {
      const { scores, reveals } = seatPlan(plan, seat);
      if (scores !== undefined && reveals !== false) await this.revealScores(seat);
    }
    await this.passReveal();
  }

  /** From Attestation to its end. */
  async attestAll(plan: Omit<RoundPlan, "updates">): Promise<void> {
    const seats = Number((await this.committee()).committee.facts.seats);
    for (let seat = 0; seat < seats; seat++) {
      const { attests } = seatPlan(plan, seat);
      if (attests !== undefined) await this.attest(seat, attests);
    }
    await this.passAttestation();
  }

  /** From Draw to Settlement. */
  async judge(plan: Omit<RoundPlan, "updates">): Promise<void> {
    await this.score(plan);
    await this.tally();
    await this.attestAll(plan);
  }

  /** From Training to Settlement. */
  async play(plan: RoundPlan): Promise<void> {
    await this.train(plan.updates);
    await this.judge(plan);
  }

  async #place(contract: string): Promise<CommitmentPlace> {
    const { chainId } = await this.world.chain.ethers.provider.getNetwork();
    return { chainId, contract, jobId: this.id, round: await this.round() };
  }
}

function seatPlan(plan: Omit<RoundPlan, "updates">, seat: number): SeatPlan {
  return plan.seats?.[seat] ?? plan.honest;
}
