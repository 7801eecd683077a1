import type { TransactionResponse } from "ethers";

import {
  JobDriver as Driver,
  type JobChain,
  type ScoresOpening,
  type Seat,
} from "../../../experiments/lab/driver/job-driver.ts";
import { postCall, type Call } from "../../../experiments/lab/driver/job-calls.ts";
import { type Chain, type Signer, at } from "./chain.ts";
import { type CommitmentPlace, type Release, digestOf, packLabels, packScores } from "./commitments.ts";
import { HOLDOUT, type JobTerms } from "./job-params.ts";
import type { World } from "./world.ts";

type Sent = Promise<TransactionResponse>;

/** What a trainer does in a round. */
export interface UpdatePlan {
  readonly trainer: Signer;
  /** Name of the content; equal names mean equal bytes. */
  readonly content: string;
  /** If false, it commits but does not disclose. */
  readonly reveals?: boolean;
}

/** What a seat does in an attempt. */
export interface SeatPlan {
  /**
   * One score per update, in the order of disclosure; for a sealed holdout preceded by its readability. If undefined,
   * the seat stays silent.
   */
  readonly scores: readonly number[] | undefined;
  /** One label per update, if the job has clusters. */
  readonly labels?: readonly number[];
  /** Fingerprint of its computation on a common holdout; the same for all honest seats. */
  readonly fingerprint?: number;
  /** If false, it commits but does not reveal. */
  readonly reveals?: boolean;
  /** If undefined, it does not attest. */
  readonly attests: Release | undefined;
}

/** Behaviour of all participants in a round, up to the attestations. */
export interface RoundPlan {
  readonly updates: readonly UpdatePlan[];
  /** Plan of the seats that are not in `seats`. */
  readonly honest: SeatPlan;
  /** Plans of single seats, by seat number. */
  readonly seats?: Readonly<Record<number, SeatPlan>>;
}

/** Fingerprint of all honest seats. */
export const FINGERPRINT = 0xc0ffee;

/**
 * The driver of experiments/lab on an automining chain, with names instead of digests, and plans for whole rounds.
 */
export class JobDriver extends Driver<JobTerms, TransactionResponse> {
  readonly world: World;

  constructor(world: World, id: bigint, terms: JobTerms) {
    const { initiator, stranger } = world;
    super({ chain: minesAtOnce(world.chain), contracts: world, initiator, stranger }, id, terms);
    this.world = world;
  }

  /** Posts a job as the initiator. */
  static async post(world: World, terms: JobTerms): Promise<JobDriver> {
    await JobDriver.sendPost(world, terms);
    return JobDriver.newest(world, terms);
  }

  /** Sends the transaction that posts a job. */
  static async sendPost(world: World, terms: JobTerms): Sent {
    return minesAtOnce(world.chain).send(await postCall(world, world.initiator, terms));
  }

  /** Returns a driver for the newest job. */
  static async newest(world: World, terms: JobTerms): Promise<JobDriver> {
    return new JobDriver(world, await world.book.jobCount(), terms);
  }

  // ---- facts

  /** Returns the holders of all seats, by seat number. */
  async holders(): Promise<Signer[]> {
    const { seats } = await this.committee();
    return seats.map((seat) => this.signer(seat.validator));
  }

  signer(address: string): Signer {
    const signer = this.world.everyone.find((candidate) => candidate.address === address);
    if (signer === undefined) throw new Error(`no account has the address ${address}`);
    return signer;
  }

  async roundsPlace(): Promise<CommitmentPlace> {
    return this.#place(await this.world.rounds.getAddress());
  }

  async panelPlace(): Promise<CommitmentPlace> {
    return this.#place(await this.world.panel.getAddress());
  }

  // ---- a round, step by step

  async commit(trainer: Signer, content: string): Sent {
    return this.commitUpdate(Number(await this.round()), trainer, digestOf(content));
  }

  async reveal(trainer: Signer): Sent {
    return this.revealUpdate(Number(await this.round()), trainer);
  }

  async commitScores(
    seat: number,
    scores: readonly number[],
    { labels = [], fingerprint = FINGERPRINT }: Pick<SeatPlan, "labels" | "fingerprint"> = {},
  ): Sent {
    return this.commitVector(await this.#seat(seat), this.#vector(scores, labels, fingerprint));
  }

  /** A packed vector: scores, labels if any, and on a common holdout the fingerprint last. */
  #vector(scores: readonly number[], labels: readonly number[], fingerprint: number): bigint[] {
    const isCommon = this.terms.holdout !== HOLDOUT.own;
    return [...packScores(scores), ...packLabels(labels), ...(isCommon ? [BigInt(fingerprint)] : [])];
  }

  async revealScores(seat: number): Sent {
    return this.revealVector(await this.#seat(seat));
  }

  /** Returns the opening of a seat's commitment in the present attempt. */
  async scoresOpening(seat: number): Promise<ScoresOpening> {
    return this.scoresOpeningIn(seat, await this.round(), await this.attempt());
  }

  async attest(seat: number, release: Release): Sent {
    return this.attestModel(await this.#seat(seat), release);
  }

  // ---- whole rounds

  /** Updates of the given trainers, each with different content. */
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

  /** From Draw to the end of Reveal. A shard that is not open by now stays closed. */
  async score(plan: Omit<RoundPlan, "updates">): Promise<void> {
    await this.passOpening();
    await this.draw();
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

  /** A confirming round, whole: all seats but those in `seats` find that the released model has this accuracy. */
  async confirm(score: number, seats: RoundPlan["seats"] = {}): Sent {
    await this.score({ honest: { scores: [score], attests: undefined }, seats });
    return this.tally();
  }

  /** From Training to Settlement. */
  async play(plan: RoundPlan): Promise<void> {
    await this.train(plan.updates);
    await this.judge(plan);
  }

  /** A seat of the newest committee. */
  async #seat(place: number): Promise<Seat> {
    const [round, attempt] = [Number(await this.round()), Number(await this.attempt())];
    return { round, attempt, place, holder: at(await this.holders(), place) };
  }

  async #place(contract: string): Promise<CommitmentPlace> {
    return { chainId: await this.setting.chain.chainId(), contract, jobId: this.id, round: await this.round() };
  }
}

function minesAtOnce({ ethers, helpers, signers }: Chain): JobChain<TransactionResponse> {
  const send = ({ from, to, data }: Call) => {
    const sender = signers.find(({ address }) => address === from);
    if (sender === undefined) throw new Error(`nobody has the address ${from}`);
    return sender.sendTransaction({ to, data });
  };
  return {
    chainId: async () => (await ethers.provider.getNetwork()).chainId,
    latestTime: () => helpers.time.latest(),
    mineAt: (time) => helpers.time.increaseTo(time),
    sendAt: async (call, time) => {
      await helpers.time.setNextBlockTimestamp(time);
      await send(call);
    },
    send,
  };
}

function seatPlan(plan: Omit<RoundPlan, "updates">, seat: number): SeatPlan {
  return plan.seats?.[seat] ?? plan.honest;
}
