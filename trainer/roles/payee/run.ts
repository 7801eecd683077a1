import { readContractError } from "@commonweight/sdk/chain/contract-errors";
import type { CommonweightError } from "@commonweight/sdk/errors";
import { readAccount, type AccountView } from "@commonweight/sdk/chain/read-account";
import type { Call } from "../../chain/port.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { callOf, insist } from "../worker/send.ts";
import {
  collectSteps,
  payoutSteps,
  pendingOf,
  thawWorthWaiting,
  type CollectStep,
  type PayoutStep,
  type Pending,
} from "./decide.ts";

type PayeeModules = Pick<WorkerModules, "chain" | "contracts" | "log">;

/** Longest wait of a withdrawal for thawing stake, in seconds of block time. */
const LONGEST_THAW_WAIT = 10;

export interface WithdrawOptions {
  /** The only token to withdraw; every token by default. */
  readonly token: string | undefined;
  /** Receiver of the tokens. */
  readonly to: string;
  /** Whether to unwrap wrapped coins. */
  readonly unwrap: boolean;
  /** Block of the deployment. */
  readonly fromBlock: number;
}

/** Result of a withdrawal. */
export interface WithdrawalReport {
  readonly collected: readonly CollectStep[];
  readonly withdrawn: readonly PayoutStep[];
  /** Unwrapped coins, in wei. */
  readonly unwrapped: bigint;
  readonly pending: readonly Pending[];
  /** Errors of reverted steps; the other steps were done. */
  readonly refused: readonly CommonweightError[];
}

/**
 * Withdraws everything that an account can: credits earned pay, releases bonds and thawed stake, and withdraws.
 *
 * The steps follow from the chain's state: after a crash, the next run continues, and nothing is done twice.
 */
export async function withdrawAll(
  modules: PayeeModules,
  options: WithdrawOptions,
  signal: AbortSignal,
): Promise<WithdrawalReport> {
  const { chain, contracts } = modules;
  const { token, to } = options;
  const refused: CommonweightError[] = [];
  const attempt = async (call: Call): Promise<boolean> => {
    const outcome = await insist(modules, call, signal);
    if (outcome.kind === "refused") refused.push(await readContractError(contracts, call.label, outcome));
    return outcome.kind === "included";
  };

  const collected: CollectStep[] = [];
  for (const step of collectSteps(await awaitThaw(modules, options, signal), token)) {
    if (await attempt(await collectCall(modules, step))) collected.push(step);
  }
  const withdrawn: PayoutStep[] = [];
  for (const step of payoutSteps(await look(modules, options, signal), token)) {
    const call = await callOf(contracts[step.contract].withdraw, step.token, to);
    if (await attempt(call)) withdrawn.push(step);
  }
  const wrapped = options.unwrap ? await contracts.wrappedNative.balanceOf(chain.account) : 0n;
  const isUnwrapped = wrapped > 0n && (await attempt(await callOf(contracts.wrappedNative.withdraw, wrapped)));
  return {
    collected,
    withdrawn,
    unwrapped: isUnwrapped ? wrapped : 0n,
    pending: pendingOf(await look(modules, options, signal), token),
    refused,
  };
}

async function awaitThaw(modules: PayeeModules, options: WithdrawOptions, signal: AbortSignal): Promise<AccountView> {
  for (;;) {
    const view = await look(modules, options, signal);
    if (thawWorthWaiting(view, LONGEST_THAW_WAIT, options.token) === undefined) return view;
    await modules.chain.untilNextBlock(signal, true);
  }
}

async function look({ chain, contracts }: PayeeModules, { fromBlock }: WithdrawOptions, signal: AbortSignal) {
  return readAccount(contracts, chain.account, fromBlock, await chain.head(signal));
}

function collectCall({ chain, contracts }: PayeeModules, step: CollectStep): Promise<Call> {
  const { market, committees, registry } = contracts;
  switch (step.kind) {
    case "credit": {
      const { due } = step;
      return due.kind === "trainer"
        ? callOf(market.creditTrainers, due.jobId, due.round, due.updates)
        : callOf(market.creditValidators, due.jobId, due.round, due.attempt, due.seats);
    }
    case "releaseBond":
      return callOf(market.releaseBond, step.jobId, chain.account);
    case "delist":
      return callOf(committees.delist, step.jobId);
    case "releaseStake":
      return callOf(registry.release, step.token);
  }
}
