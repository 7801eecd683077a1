import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { providerOf } from "@commonweight/sdk/chain/job-events";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import type { RoundView } from "@commonweight/sdk/chain/job-view";
import { readJobParams, readRound } from "@commonweight/sdk/chain/read-job";
import { isVoid } from "@commonweight/sdk/protocol/consensus";
import { UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import type { Actor } from "./cast.ts";

/** Content of the demo's `report.json`. Amounts are decimal strings in the token's smallest unit. */
export interface Report {
  readonly job: Readonly<Record<string, unknown>>;
  readonly engine: string;
  readonly content: "helia";
  readonly chain: "hardhat";
  readonly wallSeconds: number;
  readonly installSeconds: number;
  /** Share of the rounds' wall time outside the training and scoring on the critical path. */
  readonly overheadShare: number;
  readonly rounds: readonly RoundReport[];
  readonly accounts: readonly AccountReport[];
  readonly money: MoneyReport;
}

export interface RoundReport {
  readonly round: number;
  readonly modelVersion: number;
  readonly digest: string;
  readonly modelCid: string;
  readonly accuracyBps: number;
  /** Number of seats that attested the released model. */
  readonly attesters: number;
  readonly updates: readonly UpdateReport[];
}

export interface UpdateReport {
  readonly trainer: string;
  readonly scoreBps: number;
  readonly trustBps: number;
  readonly pay: string;
  readonly verdict: string;
}

export interface AccountReport {
  readonly name: string;
  readonly address: string;
  readonly role: Actor["role"];
  readonly behaviour: Actor["behaviour"];
  readonly earned: string;
  readonly slashed: string;
  readonly withdrawn: string;
}

/** `funded` is the reward, and funded = paidTrainers + paidValidators + refunded. */
export interface MoneyReport {
  readonly funded: string;
  readonly paidTrainers: string;
  readonly paidValidators: string;
  /** Slashed stake and forfeited bonds. */
  readonly burned: string;
  readonly refunded: string;
  /** Token balance of all contracts without the burned amount, after all withdrawals. */
  readonly left: string;
}

/** A finished job as recorded on chain, without any worker's own claims. */
export interface ChainReport {
  /** Accuracy of the initial model in basis points, as the first committee attested it. */
  readonly initialScore: number;
  readonly params: JobParams;
  readonly rounds: readonly RoundReport[];
  readonly accounts: readonly AccountReport[];
  readonly money: MoneyReport;
}

/** A finished job and the accounts that took part. */
export interface FinishedJob {
  readonly contracts: Contracts;
  readonly deployment: Deployment;
  readonly jobId: bigint;
  readonly cast: readonly Actor[];
  readonly addressOf: (actor: Actor) => string;
}

/** Reads the on-chain part of the report from state and events. */
export async function readChainReport(job: FinishedJob): Promise<ChainReport> {
  const { contracts, deployment, jobId, cast, addressOf } = job;
  const params = await readJobParams(contracts, jobId);
  const events = await readEvents(contracts, deployment.block, jobId);
  const rounds = await roundReports(contracts, jobId, params, events);
  const accounts = cast.map((actor) => accountReport(actor, addressOf(actor), params, events));
  const first = await contracts.lifecycle.resultOf(jobId, rounds[0]?.round ?? 1);
  const money = await moneyReport(contracts, params, events);
  return { params, initialScore: Number(first.baseScore), rounds, accounts, money };
}

interface PaidUpdate {
  readonly round: number;
  readonly trainer: string;
  readonly index: number;
  readonly amount: bigint;
}

interface Amount {
  readonly account: string;
  readonly amount: bigint;
}

interface JobEvents {
  readonly updatesPaid: readonly PaidUpdate[];
  readonly seatsPaid: readonly Amount[];
  readonly slashed: readonly Amount[];
  readonly forfeited: readonly string[];
  readonly withdrawn: readonly Amount[];
  readonly refunded: bigint;
}

async function readEvents({ market, rounds, registry }: Contracts, from: number, jobId: bigint): Promise<JobEvents> {
  const [updates, seats, left, closed, slashed, paidOut, stakeOut] = await Promise.all([
    market.queryFilter(market.filters.UpdatePaid(jobId), from),
    market.queryFilter(market.filters.SeatPaid(jobId), from),
    rounds.queryFilter(rounds.filters.Left(jobId), from),
    market.queryFilter(market.filters.JobClosed(jobId), from),
    registry.queryFilter(registry.filters.Slashed(undefined, undefined, jobId), from),
    market.queryFilter(market.filters.Withdrawn(), from),
    registry.queryFilter(registry.filters.Withdrawn(), from),
  ]);
  return {
    updatesPaid: updates.map(({ args }) => ({
      round: Number(args.round),
      trainer: args.trainer,
      index: Number(args.index),
      amount: args.amount,
    })),
    seatsPaid: seats.map(({ args }) => ({ account: args.validator, amount: args.amount })),
    slashed: slashed.map(({ args }) => ({ account: args.validator, amount: args.amount })),
    forfeited: left.filter(({ args }) => args.forfeited).map(({ args }) => args.trainer),
    withdrawn: [...paidOut, ...stakeOut].map(({ args }) => ({ account: args.user, amount: args.amount })),
    refunded: closed.reduce((sum, { args }) => sum + args.refunded, 0n),
  };
}

async function roundReports(
  contracts: Contracts,
  jobId: bigint,
  params: JobParams,
  events: JobEvents,
): Promise<readonly RoundReport[]> {
  const roster = await contracts.rounds.rosterOf(jobId);
  const block = await providerOf(contracts).getBlock("latest");
  if (block === null) throw new Error("the chain has no block");
  const reports: RoundReport[] = [];
  for (let number = 1; number <= Number(roster.round); number++) {
    const round = await readRound(contracts, jobId, number, block);
    if (round.outcome !== "settled" || round.confirming) continue;
    const trust = await trustOf(contracts, jobId, params, round);
    reports.push(roundReport(round, params, events, trust));
  }
  return reports;
}

function roundReport(round: RoundView, params: JobParams, events: JobEvents, trust: readonly number[]): RoundReport {
  const { result, committee } = round;
  return {
    round: round.number,
    modelVersion: result.modelVersion,
    digest: result.modelDigest,
    modelCid: contentIdOf(result.modelDigest),
    accuracyBps: result.score,
    attesters: committee?.seats.filter(({ hasWon }) => hasWon).length ?? 0,
    updates: round.updates.map(({ trainer, isCopy }, index) => {
      const score = committee?.consensus[index] ?? 0;
      const pay = events.updatesPaid.find((paid) => paid.round === round.number && paid.index === index)?.amount ?? 0n;
      const verdict = verdictOf(score, isCopy, params.noiseFloor);
      return { trainer, scoreBps: score, trustBps: trust[index] ?? 0, pay: pay.toString(), verdict };
    }),
  };
}

/** Current share of the job's trust of each update's trainer, in basis points; 0 for jobs without trust. */
async function trustOf(
  { trust }: Contracts,
  jobId: bigint,
  params: JobParams,
  round: RoundView,
): Promise<readonly number[]> {
  if (params.scoring !== "accuracy") return round.updates.map(() => 0);
  const answers = await Promise.all(round.updates.map(({ trainer }) => trust.trustOf(jobId, trainer)));
  return answers.map(({ pool, value }) => Number((value * 10_000n) / (pool.total || 1n)));
}

function verdictOf(score: number, isCopy: boolean, noiseFloor: number): string {
  if (isCopy) return "copy of an earlier update";
  if (isVoid(score)) return score === UNAVAILABLE ? "nobody could fetch it" : "malformed";
  if (score > noiseFloor) return "adds to the model";
  return score < 0 ? "harms the model" : "adds nothing";
}

function accountReport(
  { name, role, behaviour }: Actor,
  address: string,
  params: JobParams,
  events: JobEvents,
): AccountReport {
  const bonds = BigInt(events.forfeited.filter((trainer) => trainer === address).length);
  const earned =
    sumFor(events.seatsPaid, address) +
    sumFor(
      events.updatesPaid.map(({ trainer, amount }) => ({ account: trainer, amount })),
      address,
    );
  return {
    name,
    address,
    role,
    behaviour,
    earned: earned.toString(),
    slashed: (sumFor(events.slashed, address) + bonds * params.bond).toString(),
    withdrawn: sumFor(events.withdrawn, address).toString(),
  };
}

async function moneyReport(contracts: Contracts, params: JobParams, events: JobEvents): Promise<MoneyReport> {
  const { market, registry } = contracts;
  const token = contracts.token(params.token);
  const [marketBurned, stakeBurned, inMarket, inRegistry, inPanel] = await Promise.all([
    market.burned(params.token),
    registry.burned(params.token),
    token.balanceOf(market),
    token.balanceOf(registry),
    token.balanceOf(contracts.panel),
  ]);
  const burned = marketBurned + stakeBurned;
  return {
    funded: params.reward.toString(),
    paidTrainers: events.updatesPaid.reduce((sum, { amount }) => sum + amount, 0n).toString(),
    paidValidators: events.seatsPaid.reduce((sum, { amount }) => sum + amount, 0n).toString(),
    burned: burned.toString(),
    refunded: events.refunded.toString(),
    left: (inMarket + inRegistry + inPanel - burned).toString(),
  };
}

function sumFor(amounts: readonly Amount[], account: string): bigint {
  return amounts.filter((entry) => entry.account === account).reduce((sum, { amount }) => sum + amount, 0n);
}
