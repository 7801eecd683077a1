import { ZeroHash, hexlify, randomBytes } from "ethers";

import { attestationOf, scoresCommitment, updateCommitment } from "@commonweight/sdk/protocol/commitments";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import {
  JobCalls,
  stakeCall,
  type Account,
  type AttemptId,
  type AttestedModel,
  type Call,
  type JobContracts,
} from "./job-calls.ts";

/** The chain that a job is driven on. */
export interface JobChain<Sent> {
  chainId(): Promise<bigint>;
  /** Time of the latest block, in seconds since 1970. */
  latestTime(): Promise<number>;
  /** Mines a block at `time`. */
  mineAt(time: number): Promise<void>;
  /** Sends a transaction and mines it in a block at `time`. */
  sendAt(call: Call, time: number): Promise<void>;
  /** Sends a transaction. Some chains mine it at once, others with the next block that is asked for. */
  send(call: Call): Promise<Sent>;
}

/** Chain, contracts and accounts for driving a job. */
export interface JobSetting<Sent> {
  readonly chain: JobChain<Sent>;
  readonly contracts: JobContracts;
  readonly initiator: Account;
  /** Sends the calls that anyone may send. */
  readonly stranger: Account;
  /** Salt for the commitment with this kind, round and sender; default random. */
  saltOf?(...places: readonly (string | number)[]): string;
}

/** The job parameters that the driver uses. */
export interface DrivenTerms {
  readonly token: string;
  /** In the token's smallest unit. */
  readonly seatLock: bigint;
  /** In seconds. */
  readonly disclosurePeriod: number;
  readonly settlementPeriod: number;
  /** Merkle root over the keys of a sealed holdout; zero for other holdouts. */
  readonly holdoutRoot: string;
  /** In seconds since 1970. */
  readonly deadline: number;
}

/** A seat of a committee. */
export interface Seat extends AttemptId {
  /** Index of the seat, from 0. */
  readonly place: number;
  readonly holder: Account;
}

/** Opening of the commitment to an update. */
export interface UpdateOpening {
  readonly digest: string;
  readonly salt: string;
}

/** Opening of the commitment to a score vector. */
export interface ScoresOpening {
  readonly packed: bigint[];
  readonly salt: string;
}

/** Maximum number of updates in one `tally`. */
const ALL = 64;

/** Drives one job on the chain: sends the transactions of all participants, and stores their commitments' openings. */
export class JobDriver<Terms extends DrivenTerms, Sent> {
  readonly id: bigint;
  readonly terms: Terms;
  readonly setting: JobSetting<Sent>;
  readonly calls: JobCalls;
  readonly #updates = new Map<string, UpdateOpening>();
  readonly #scores = new Map<string, ScoresOpening>();

  constructor(setting: JobSetting<Sent>, id: bigint, terms: Terms) {
    this.setting = setting;
    this.id = id;
    this.terms = terms;
    this.calls = new JobCalls(setting.contracts, id);
  }

  // ---- facts

  now(): Promise<number> {
    return this.setting.chain.latestTime();
  }

  /** Returns the phase at the latest block's time. */
  async phase(): Promise<Phase> {
    return this.calls.phaseAt(await this.now());
  }

  job() {
    return this.calls.job();
  }

  async round(): Promise<bigint> {
    return (await this.calls.roster()).round;
  }

  async facts() {
    return (await this.calls.round(await this.round(), await this.now())).facts;
  }

  async result(round: bigint) {
    return (await this.calls.round(round, 0)).result;
  }

  trainersPay(round: bigint) {
    return this.calls.trainersPay(round);
  }

  async attempt(): Promise<bigint> {
    return this.calls.attempt(await this.round());
  }

  async committee(round?: bigint, attempt?: bigint) {
    return this.calls.committee(round ?? (await this.round()), attempt ?? (await this.attempt()));
  }

  async settlementEnd(): Promise<number> {
    const { committee } = await this.committee();
    return Number(committee.facts.attestationEnd) + this.terms.settlementPeriod;
  }

  // ---- time

  /** Mines a block at `time`, unless block time is already later. */
  async passTo(time: number | bigint): Promise<void> {
    if ((await this.now()) < Number(time)) await this.setting.chain.mineAt(Number(time));
  }

  async passTraining(): Promise<void> {
    await this.passTo((await this.facts()).trainingEnd);
  }

  /** Passes Disclosure on a chain that runs: a stranger witnesses it, so that silence is slashed. */
  async passDisclosure(): Promise<void> {
    const { disclosureEnd, witnessed } = await this.facts();
    if (!witnessed) await this.#witnessBefore(disclosureEnd, () => this.calls.witnessRound(this.setting.stranger));
    await this.passTo(disclosureEnd);
  }

  /** Passes the time in which the initiator has to open the round's shard, on a chain that runs. */
  async passOpening(): Promise<void> {
    const { disclosureEnd, openingWitnessed, holdoutOpen, confirming } = await this.facts();
    if (this.terms.holdoutRoot === ZeroHash || holdoutOpen || confirming) return;
    const end = disclosureEnd + BigInt(this.terms.disclosurePeriod);
    if (!openingWitnessed) await this.#witnessBefore(end, () => this.calls.witnessRound(this.setting.stranger));
    await this.passTo(end);
  }

  /** Passes Scoring on a chain that runs. */
  async passScoring(): Promise<void> {
    const { facts, scoringWitnessed } = (await this.committee()).committee;
    if (!scoringWitnessed) await this.#witnessSeats(facts.scoringEnd);
    await this.passTo(facts.scoringEnd);
  }

  /** Passes Reveal on a chain that runs; there is none where nobody committed. */
  async passReveal(): Promise<void> {
    const { facts, revealWitnessed } = (await this.committee()).committee;
    if (facts.committed === 0n) return;
    if (!revealWitnessed) await this.#witnessSeats(facts.revealEnd);
    await this.passTo(facts.revealEnd);
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

  join(...trainers: readonly Account[]): Promise<Sent[]> {
    return this.#sendEach(trainers, (trainer) => this.calls.join(trainer));
  }

  leave(trainer: Account): Promise<Sent> {
    return this.#send(this.calls.leave(trainer));
  }

  /** Stakes the lock of one seat. */
  stake(...validators: readonly Account[]): Promise<Sent[]> {
    const { token, seatLock } = this.terms;
    return this.#sendEach(validators, (validator) => stakeCall(this.setting.contracts, validator, token, seatLock));
  }

  /** Enlists validators that have staked. */
  enlistStaked(...validators: readonly Account[]): Promise<Sent[]> {
    return this.#sendEach(validators, (validator) => this.calls.enlist(validator));
  }

  /** Stakes the lock of one seat, and enlists. */
  async enlist(...validators: readonly Account[]): Promise<void> {
    for (const validator of validators) {
      await this.stake(validator);
      await this.enlistStaked(validator);
    }
  }

  delist(validator: Account): Promise<Sent> {
    return this.#send(this.calls.delist(validator));
  }

  // ---- a round, step by step

  open(): Promise<Sent> {
    return this.#send(this.calls.openRound(this.setting.stranger));
  }

  /** Seals an update in a round. */
  async commitUpdate(round: number, trainer: Account, digest: string): Promise<Sent> {
    const salt = this.#salt("update", round, trainer.address);
    this.#updates.set(`${round} ${trainer.address}`, { digest, salt });
    const place = { ...(await this.calls.updatesPlace()), chainId: await this.setting.chain.chainId(), round };
    const commitment = updateCommitment({ ...place, trainer: trainer.address, digest, salt });
    return this.#send(this.calls.commitUpdate(trainer, commitment));
  }

  /** Discloses a trainer's sealed update. */
  async revealUpdate(round: number, trainer: Account): Promise<Sent> {
    const { digest, salt } = this.updateOpening(trainer, BigInt(round));
    return this.#send(this.calls.revealUpdate(trainer, digest, salt));
  }

  /** Whether a trainer sealed an update in a round. */
  hasSealed(trainer: Account, round: number): boolean {
    return this.#updates.has(`${round} ${trainer.address}`);
  }

  /** Returns the opening of a trainer's commitment in a round. */
  updateOpening(trainer: Account, round: bigint): UpdateOpening {
    return required(this.#updates.get(`${round} ${trainer.address}`));
  }

  openHoldout(key: string, proof: string[]): Promise<Sent> {
    return this.#send(this.calls.openHoldout(this.setting.initiator, key, proof));
  }

  draw(): Promise<Sent> {
    return this.#send(this.calls.drawCommittee(this.setting.stranger));
  }

  /** Seals a packed score vector. */
  async commitVector(seat: Seat, packed: bigint[]): Promise<Sent> {
    const { round, attempt, place, holder } = seat;
    const salt = this.#salt("scores", round, attempt, holder.address);
    this.#scores.set(`${round} ${attempt} ${place}`, { packed, salt });
    const commitment = scoresCommitment({ ...(await this.#placeOf(seat)), vector: packed, salt });
    return this.#send(this.calls.commitScores(holder, place, commitment));
  }

  /** Reveals a seat's sealed score vector. */
  async revealVector({ round, attempt, place, holder }: Seat): Promise<Sent> {
    const { packed, salt } = this.scoresOpeningIn(place, BigInt(round), BigInt(attempt));
    return this.#send(this.calls.revealScores(holder, place, packed, salt));
  }

  /** Returns the opening of a seat's commitment in an attempt. */
  scoresOpeningIn(place: number, round: bigint, attempt: bigint): ScoresOpening {
    return required(this.#scores.get(`${round} ${attempt} ${place}`));
  }

  tally(count = ALL): Promise<Sent> {
    return this.#send(this.calls.tally(this.setting.stranger, count));
  }

  async attestModel(seat: Seat, model: AttestedModel): Promise<Sent> {
    const attestation = attestationOf({ ...(await this.#placeOf(seat)), ...model });
    return this.#send(this.calls.attestModel(seat.holder, seat.place, attestation));
  }

  settle(model: AttestedModel): Promise<Sent> {
    return this.#send(this.calls.settle(this.setting.stranger, model));
  }

  failAttempt(): Promise<Sent> {
    return this.#send(this.calls.failAttempt(this.setting.stranger));
  }

  // ---- the end

  cancel(): Promise<Sent> {
    return this.#send(this.calls.cancelJob(this.setting.initiator));
  }

  close(): Promise<Sent> {
    return this.#send(this.calls.closeJob(this.setting.stranger));
  }

  /** Credits the trainers of the updates whose bits are set. */
  creditTrainers(round: number, updates: bigint): Promise<Sent> {
    return this.#send(this.calls.creditTrainers(this.setting.stranger, round, updates));
  }

  /** Credits the holders of the seats whose bits are set. */
  creditValidators(attempt: AttemptId, seats: bigint): Promise<Sent> {
    return this.#send(this.calls.creditValidators(this.setting.stranger, attempt, seats));
  }

  releaseBond(member: Account): Promise<Sent> {
    return this.#send(this.calls.releaseBond(this.setting.stranger, member));
  }

  withdraw(account: Account): Promise<Sent> {
    return this.#send(this.calls.withdraw(account, this.terms.token));
  }

  #witnessSeats(end: bigint): Promise<void> {
    return this.#witnessBefore(end, () => this.calls.witnessSeats(this.setting.stranger));
  }

  /** Sends what shows that the chain runs a second before a phase's end; nothing where that is past. */
  async #witnessBefore(end: bigint, callOf: () => Promise<Call>): Promise<void> {
    const time = Number(end) - 1;
    if ((await this.now()) < time) await this.setting.chain.sendAt(await callOf(), time);
  }

  async #placeOf({ round, attempt, holder }: Seat) {
    const chainId = await this.setting.chain.chainId();
    return { ...(await this.calls.scoresPlace()), chainId, round, attempt, validator: holder.address };
  }

  async #sendEach(accounts: readonly Account[], callOf: (account: Account) => Promise<Call>): Promise<Sent[]> {
    const sent: Sent[] = [];
    for (const account of accounts) sent.push(await this.#send(callOf(account)));
    return sent;
  }

  async #send(call: Promise<Call>): Promise<Sent> {
    return this.setting.chain.send(await call);
  }

  #salt(...places: readonly (string | number)[]): string {
    return this.setting.saltOf?.(...places) ?? hexlify(randomBytes(32));
  }
}

function required<Opening>(opening: Opening | undefined): Opening {
  if (opening === undefined) throw new Error("nothing committed");
  return opening;
}
