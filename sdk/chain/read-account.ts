import { findParts, type AccountPart } from "./account-parts.ts";
import type { Contracts } from "./contracts.ts";
import { providerOf } from "./job-events.ts";
import { findPayDue, type PayDue } from "./pay-due.ts";
import { phaseOf, type Phase } from "../protocol/phases.ts";
import type { ChainBlock } from "./read-job.ts";

/** An account's balances, stake, jobs and due pay at one block. Amounts in smallest units, times in seconds. */
export interface AccountView {
  readonly account: string;
  readonly block: number;
  readonly time: number;
  /** Native coins, in wei. */
  readonly coins: bigint;
  readonly tokens: readonly TokenView[];
  readonly jobs: readonly AccountJob[];
  readonly due: readonly PayDue[];
}

/** An account's balances and stake in one token. */
export interface TokenView {
  readonly token: string;
  readonly balance: bigint;
  readonly freeStake: bigint;
  readonly thawing: bigint;
  /** Time from which the thawing stake is free. */
  readonly freeAt: number;
  /** Stake locked for seats, by job. */
  readonly locked: readonly { readonly jobId: bigint; readonly amount: bigint }[];
  readonly withdrawable: { readonly market: bigint; readonly registry: bigint };
}

/** One job in which an account has or had a role. */
export interface AccountJob extends AccountPart {
  readonly token: string;
  readonly phase: Phase;
  readonly round: number;
  readonly closed: boolean;
  readonly isEnlisted: boolean;
  /** The trainer's bond, while it is a member. */
  readonly bond: { readonly amount: bigint; readonly state: "held" | "free" | "forfeited" } | undefined;
}

/**
 * Reads an account's balances, stake, jobs and due pay at one block.
 *
 * @param from block of the deployment
 */
export async function readAccount(
  contracts: Contracts,
  account: string,
  from: number,
  block: ChainBlock,
): Promise<AccountView> {
  const at = { blockTag: block.number };
  const range = { from, to: block.number };
  const parts = await findParts(contracts, account, range);
  const [jobs, due, coins, staked, native] = await Promise.all([
    Promise.all(parts.map((part) => readAccountJob(contracts, account, part, block))),
    findPayDue(contracts, account, parts, range),
    providerOf(contracts).getBalance(account, block.number),
    contracts.registry.queryFilter(contracts.registry.filters.Staked(undefined, account), from, block.number),
    contracts.wrappedNative.getAddress(),
  ]);
  const tokens = new Set([native, ...jobs.map(({ token }) => token), ...staked.map(({ args }) => args.token)]);
  return {
    account,
    block: block.number,
    time: block.timestamp,
    coins,
    tokens: await Promise.all([...tokens].map((token) => readToken(contracts, { account, token, jobs }, at))),
    jobs,
    due,
  };
}

async function readAccountJob(
  { lifecycle, rounds, book, committees }: Contracts,
  account: string,
  part: AccountPart,
  block: ChainBlock,
): Promise<AccountJob> {
  const { jobId } = part;
  const at = { blockTag: block.number };
  const [params, job, roster, phase, member, isEnlisted] = await Promise.all([
    book.paramsOf(jobId, at),
    lifecycle.jobOf(jobId, at),
    rounds.rosterOf(jobId, at),
    lifecycle.phaseAt(jobId, block.timestamp, at),
    rounds.memberOf(jobId, account, at),
    committees.isEnlisted(jobId, account, at),
  ]);
  const common = { ...part, token: params.token, phase: phaseOf(phase), closed: job.closed, isEnlisted };
  const round = Number(roster.round);
  if (member.since === 0n) return { ...common, round, bond: undefined };
  const factsOf = async (number: bigint) => rounds.roundOf(jobId, number, block.timestamp, at);
  const isOpenCommitment = member.lastCommitted > member.lastRevealed;
  const isForfeited =
    isOpenCommitment &&
    (member.lastCommitted < roster.round ||
      BigInt(block.timestamp) >= (await factsOf(member.lastCommitted)).disclosureEnd);
  const hasLeft = member.leaving !== 0n && (await factsOf(member.leaving)).outcome !== 0n;
  const state = isForfeited ? "forfeited" : job.closed || hasLeft ? "free" : "held";
  return { ...common, round, bond: { amount: params.bond, state } };
}

async function readToken(
  contracts: Contracts,
  { account, token, jobs }: { readonly account: string; readonly token: string; readonly jobs: readonly AccountJob[] },
  at: { readonly blockTag: number },
): Promise<TokenView> {
  const { market, registry } = contracts;
  const validated = jobs.filter((job) => job.isValidator && job.token === token);
  const [balance, freeStake, thawing, inMarket, inRegistry, locks] = await Promise.all([
    contracts.token(token).balanceOf(account, at),
    registry.freeStake(token, account, at),
    registry.thawing(token, account, at),
    market.withdrawable(token, account, at),
    registry.withdrawable(token, account, at),
    Promise.all(validated.map(({ jobId }) => registry.lockedStake(token, account, jobId, at))),
  ]);
  return {
    token,
    balance,
    freeStake,
    thawing: thawing.amount,
    freeAt: Number(thawing.freeAt),
    locked: validated
      .map(({ jobId }, index) => ({ jobId, amount: locks[index] ?? 0n }))
      .filter(({ amount }) => amount > 0n),
    withdrawable: { market: inMarket, registry: inRegistry },
  };
}
