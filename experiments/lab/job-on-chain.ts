import { keccak256, toUtf8Bytes } from "ethers";

import { attestationOf, scoresCommitment, updateCommitment } from "@commonweight/sdk/protocol/commitments";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { PHASES, type Phase } from "@commonweight/sdk/protocol/phases";
import { packVector } from "@commonweight/sdk/protocol/score-vector";
import type { Weights } from "../../trainer/model/tensors.ts";
import { seededRandom } from "./random.ts";
import type { ListedUpdate, PastRound, Release } from "./agents.ts";
import type { Market, ContractName } from "./market.ts";
import type { Call, ChainEvent } from "./virtual-chain.ts";

/** The committee at work. */
export interface Attempt {
  readonly round: number;
  readonly attempt: number;
  readonly seed: string;
  /** Accounts, by seat. */
  readonly holders: readonly string[];
}

/** One job on the chain: its phase, and calls in it, bound to job, chain and contracts. */
export class JobOnChain {
  readonly market: Market;
  readonly id: bigint;
  readonly name: string;

  constructor(market: Market, id: bigint, name: string) {
    this.market = market;
    this.id = id;
    this.name = name;
  }

  async phase(): Promise<Phase> {
    const phase = await this.view<bigint>("rounds", "phaseAt", this.market.chain.now);
    return PHASES[Number(phase)] ?? "none";
  }

  view<T>(contract: ContractName, name: string, ...values: readonly unknown[]): Promise<T> {
    return this.market.view<T>(contract, name, this.id, ...values);
  }

  call(from: string, contract: ContractName, name: string, ...values: readonly unknown[]): Call {
    return this.market.call(from, contract, name, this.id, ...values);
  }

  send(calls: readonly Call[], time?: number): Promise<readonly ChainEvent[]> {
    return this.market.chain.block(calls, time);
  }

  byAnyone(contract: ContractName, name: string, ...values: readonly unknown[]): Promise<readonly ChainEvent[]> {
    return this.send([this.call(this.market.stranger, contract, name, ...values)]);
  }

  /** Lets time pass to `time`, unless it has. */
  async passTo(time: bigint): Promise<void> {
    if (Number(time) > this.market.chain.now) await this.send([], Number(time));
  }

  join(trainer: string): Call {
    return this.call(trainer, "market", "joinJob", [], NO_PERMIT);
  }

  salt(...parts: readonly (string | number)[]): string {
    return keccak256(toUtf8Bytes([this.name, ...parts].join("/")));
  }

  commitUpdate(round: number, trainer: string, digest: string): Call {
    const { chainId, rounds } = this.market.deployment;
    const salt = this.salt("update", round, trainer);
    const opening = { chainId, rounds, jobId: this.id, round, trainer, digest, salt };
    return this.call(trainer, "rounds", "commitUpdate", updateCommitment(opening));
  }

  revealUpdate(round: number, trainer: string, digest: string): Call {
    return this.call(trainer, "rounds", "revealUpdate", digest, this.salt("update", round, trainer));
  }

  /** The call that seals a vector, and the one that opens it. */
  scores({ round, attempt, holders }: Attempt, seat: number, vector: Parameters<typeof packVector>[0]): [Call, Call] {
    const validator = holders[seat]!;
    const { chainId, panel } = this.market.deployment;
    const salt = this.salt("scores", round, attempt, validator);
    const packed = packVector(vector);
    const opening = { chainId, panel, jobId: this.id, round, attempt, validator, vector: packed, salt };
    return [
      this.call(validator, "panel", "commitScores", seat, scoresCommitment(opening)),
      this.call(validator, "panel", "revealScores", seat, packed, salt),
    ];
  }

  attest({ round, attempt, holders }: Attempt, seat: number, release: Release): Call {
    const validator = holders[seat]!;
    const { chainId, panel } = this.market.deployment;
    const attestation = attestationOf({ chainId, panel, jobId: this.id, round, attempt, validator, ...release });
    return this.call(validator, "panel", "attestModel", seat, attestation);
  }

  /** The updates that were disclosed in a round, by trainers' places in `accounts`. */
  async updates(round: number, accounts: readonly string[]): Promise<ListedUpdate[]> {
    type Listed = readonly [updates: readonly { trainer: string; order: bigint; digest: string }[], copies: bigint];
    const [updates, copies] = await this.view<Listed>("rounds", "updatesOf", round);
    return updates.map(({ trainer, order, digest }, at) => ({
      trainer: accounts.indexOf(trainer),
      order: Number(order),
      digest,
      isCopy: ((copies >> BigInt(at)) & 1n) === 1n,
    }));
  }

  random(...parts: readonly (string | number)[]) {
    return seededRandom([this.name, ...parts].join("/"));
  }
}

/** The tuple that most seats attest, if a majority does. */
export function majorityOf(releases: readonly (Release | undefined)[], seats: number): Release | undefined {
  const counts = new Map<string, number>();
  const keyOf = ({ digest, baseScore, score }: Release) => `${digest} ${baseScore} ${score}`;
  for (const release of releases) if (release) counts.set(keyOf(release), (counts.get(keyOf(release)) ?? 0) + 1);
  return releases.find((release) => release && (counts.get(keyOf(release)) ?? 0) > seats / 2);
}

/** What the next rounds' agents may know of a round. */
export function pastRound(
  updates: readonly ListedUpdate[],
  consensus: readonly number[],
  fetch: (digest: string) => Weights,
): PastRound {
  return {
    updates: new Map(updates.map(({ trainer, digest }) => [trainer, fetch(digest)])),
    consensus: new Map(updates.map(({ trainer }, at) => [trainer, consensus[at] ?? 0])),
  };
}
