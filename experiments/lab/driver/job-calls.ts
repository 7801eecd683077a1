import type { AddressLike, BigNumberish, BytesLike, ContractTransaction } from "ethers";

import type { Contracts } from "@commonweight/sdk/chain/contracts";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { PHASES, type Phase } from "@commonweight/sdk/protocol/phases";

// The only file that maps a job's transactions and views to contracts.

/** The contracts that a job's calls go to. */
export type JobContracts = Pick<
  Contracts,
  "market" | "lifecycle" | "rounds" | "book" | "committees" | "panel" | "registry"
>;

/** A job's parameters in the contract's format. */
export type PostedTerms = Parameters<Contracts["market"]["postJob"]["populateTransaction"]>[0];

/** A sender of transactions. */
export interface Account {
  readonly address: string;
}

/** One transaction. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** An attested model, with the scores before and after the round in basis points. */
export interface AttestedModel {
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
}

/** The call that posts a job. */
export function postCall({ market }: JobContracts, initiator: Account, terms: PostedTerms): Promise<Call> {
  return callOf(initiator, market.postJob.populateTransaction(terms, NO_PERMIT));
}

/** The call that stakes `amount`, in the token's smallest unit. */
export function stakeCall(
  { registry }: JobContracts,
  validator: Account,
  token: AddressLike,
  amount: BigNumberish,
): Promise<Call> {
  return callOf(validator, registry.stake.populateTransaction(token, amount, NO_PERMIT));
}

/** All transactions and views of one job. */
export class JobCalls {
  readonly contracts: JobContracts;
  readonly id: bigint;

  constructor(contracts: JobContracts, id: bigint) {
    this.contracts = contracts;
    this.id = id;
  }

  // ---- members and validators

  /** Hash of the job's terms, which whoever binds money to it signs. */
  termsHash(): Promise<string> {
    return this.contracts.book.termsOf(this.id);
  }

  async join(trainer: Account): Promise<Call> {
    const terms = await this.termsHash();
    return callOf(trainer, this.contracts.market.joinJob.populateTransaction(this.id, terms, [], NO_PERMIT));
  }

  leave(trainer: Account): Promise<Call> {
    return callOf(trainer, this.contracts.market.leaveJob.populateTransaction(this.id));
  }

  async enlist(validator: Account): Promise<Call> {
    const terms = await this.termsHash();
    return callOf(validator, this.contracts.committees.enlist.populateTransaction(this.id, terms));
  }

  delist(validator: Account): Promise<Call> {
    return callOf(validator, this.contracts.committees.delist.populateTransaction(this.id));
  }

  // ---- a round

  /** Job and contract that a commitment to an update is bound to. */
  async updatesPlace(): Promise<{ readonly jobId: bigint; readonly rounds: string }> {
    return { jobId: this.id, rounds: await this.contracts.rounds.getAddress() };
  }

  openRound(from: Account): Promise<Call> {
    return callOf(from, this.contracts.lifecycle.openRound.populateTransaction(this.id));
  }

  commitUpdate(trainer: Account, commitment: BytesLike): Promise<Call> {
    return callOf(trainer, this.contracts.rounds.commitUpdate.populateTransaction(this.id, commitment));
  }

  revealUpdate(trainer: Account, digest: BytesLike, salt: BytesLike): Promise<Call> {
    return callOf(trainer, this.contracts.rounds.revealUpdate.populateTransaction(this.id, digest, salt));
  }

  openHoldout(initiator: Account, key: BytesLike, proof: string[]): Promise<Call> {
    return callOf(initiator, this.contracts.lifecycle.openHoldout.populateTransaction(this.id, key, proof));
  }

  cancelJob(initiator: Account): Promise<Call> {
    return callOf(initiator, this.contracts.lifecycle.cancelJob.populateTransaction(this.id));
  }

  closeJob(from: Account): Promise<Call> {
    return callOf(from, this.contracts.lifecycle.closeJob.populateTransaction(this.id));
  }

  // ---- a committee

  /** Job and contract that score commitments and attestations are bound to. */
  async scoresPlace(): Promise<{ readonly jobId: bigint; readonly panel: string }> {
    return { jobId: this.id, panel: await this.contracts.panel.getAddress() };
  }

  witnessRound(from: Account): Promise<Call> {
    return callOf(from, this.contracts.rounds.witness.populateTransaction(this.id));
  }

  witnessSeats(from: Account): Promise<Call> {
    return callOf(from, this.contracts.panel.witness.populateTransaction(this.id));
  }

  drawCommittee(from: Account): Promise<Call> {
    return callOf(from, this.contracts.committees.drawCommittee.populateTransaction(this.id));
  }

  commitScores(validator: Account, seat: number, commitment: BytesLike): Promise<Call> {
    return callOf(validator, this.contracts.panel.commitScores.populateTransaction(this.id, seat, commitment));
  }

  revealScores(validator: Account, seat: number, vector: bigint[], salt: BytesLike): Promise<Call> {
    return callOf(validator, this.contracts.panel.revealScores.populateTransaction(this.id, seat, vector, salt));
  }

  tally(from: Account, count: number): Promise<Call> {
    return callOf(from, this.contracts.panel.tally.populateTransaction(this.id, count));
  }

  attestModel(validator: Account, seat: number, attestation: BytesLike): Promise<Call> {
    return callOf(validator, this.contracts.panel.attestModel.populateTransaction(this.id, seat, attestation));
  }

  settle(from: Account, { digest, baseScore, score }: AttestedModel): Promise<Call> {
    return callOf(from, this.contracts.panel.settle.populateTransaction(this.id, digest, baseScore, score));
  }

  failAttempt(from: Account): Promise<Call> {
    return callOf(from, this.contracts.panel.failAttempt.populateTransaction(this.id));
  }

  // ---- money

  creditTrainers(from: Account, round: number, updates: bigint): Promise<Call> {
    return callOf(from, this.contracts.market.creditTrainers.populateTransaction(this.id, round, updates));
  }

  creditValidators(from: Account, { round, attempt }: AttemptId, seats: bigint): Promise<Call> {
    return callOf(from, this.contracts.market.creditValidators.populateTransaction(this.id, round, attempt, seats));
  }

  releaseBond(from: Account, member: Account): Promise<Call> {
    return callOf(from, this.contracts.market.releaseBond.populateTransaction(this.id, member.address));
  }

  withdraw(from: Account, token: AddressLike): Promise<Call> {
    return callOf(from, this.contracts.market.withdraw.populateTransaction(token, from.address));
  }

  // ---- views

  /** The phase at `time`, in seconds since 1970. */
  async phaseAt(time: number): Promise<Phase> {
    return PHASES[Number(await this.contracts.lifecycle.phaseAt(this.id, time))] ?? "none";
  }

  job() {
    return this.contracts.lifecycle.jobOf(this.id);
  }

  roster() {
    return this.contracts.rounds.rosterOf(this.id);
  }

  /** A round's facts at `time`, and its result. */
  async round(round: BigNumberish, time: number) {
    const [facts, result] = await Promise.all([
      this.contracts.rounds.roundOf(this.id, round, time),
      this.contracts.lifecycle.resultOf(this.id, round),
    ]);
    return { facts, result };
  }

  /** The disclosed updates of a round; bit k of `copies` is set if update k copies an earlier one. */
  async updates(round: BigNumberish) {
    const [updates, copies] = await this.contracts.rounds.updatesOf(this.id, round);
    return { updates, copies };
  }

  /** How long a draw waits for validators before anyone ends the job, in seconds. */
  grace(): Promise<bigint> {
    return this.contracts.book.graceOf(this.id);
  }

  member(trainer: Account) {
    return this.contracts.rounds.memberOf(this.id, trainer.address);
  }

  enlisted(): Promise<string[]> {
    return this.contracts.committees.enlistedOf(this.id);
  }

  enlistedCount(): Promise<bigint> {
    return this.contracts.committees.enlistedCount(this.id);
  }

  /** How many of the list's first validators the running round's draws pick from. */
  drawable(): Promise<bigint> {
    return this.contracts.committees.drawableCount(this.id);
  }

  isEnlisted(validator: Account): Promise<boolean> {
    return this.contracts.committees.isEnlisted(this.id, validator.address);
  }

  /** Number of the newest attempt at a round; 0 before its first draw. */
  attempt(round: BigNumberish): Promise<bigint> {
    return this.contracts.panel.attemptOf(this.id, round);
  }

  async committee(round: BigNumberish, attempt: BigNumberish) {
    const [committee, seats] = await this.contracts.panel.committeeOf(this.id, round, attempt);
    return { committee, seats };
  }

  /** Number of the sealed shard that a round is scored on. */
  async shard(round: BigNumberish): Promise<number> {
    return Number(await this.contracts.book.shardOf(this.id, round));
  }

  trainersPay(round: BigNumberish) {
    return this.contracts.market.trainersPayOf(this.id, round);
  }

  validatorsPay({ round, attempt }: AttemptId) {
    return this.contracts.market.validatorsPayOf(this.id, round, attempt);
  }
}

/** One attempt at a round. */
export interface AttemptId {
  readonly round: number;
  /** 1 or 2. */
  readonly attempt: number;
}

async function callOf(from: Account, transaction: Promise<ContractTransaction>): Promise<Call> {
  const { to, data } = await transaction;
  return { from: from.address, to, data };
}
