import { setTimeout as sleep } from "node:timers/promises";

import { findPayDue } from "../../sdk/pay-due.ts";
import type { Call } from "../chain/port.ts";
import type { WorkerModules } from "./modules.ts";
import { callOf, send } from "./send.ts";

type Modules = Pick<WorkerModules, "chain" | "contracts" | "log">;

/** Longest that a withdrawal waits for thawing stake, in seconds of the chain's time. */
const LONGEST_THAW_WAIT = 10;
const POLL_MS = 200;

/** What an account took out of one contract, in the token's smallest unit. */
export interface Withdrawal {
  readonly contract: "market" | "registry";
  readonly amount: bigint;
}

/**
 * Takes out all that is an account's in one token: credits the pay that it earned, releases its bonds where its membership
 * is over and its stake where it has thawed, and withdraws.
 *
 * What the contracts do not give out yet stays where it is.
 */
export async function withdrawAll(
  modules: Modules,
  token: string,
  to: string,
  signal: AbortSignal,
): Promise<readonly Withdrawal[]> {
  const { chain, contracts } = modules;
  await collect(modules, token, signal);
  await releaseStake(modules, token, signal);
  const withdrawals: Withdrawal[] = [];
  for (const contract of ["market", "registry"] as const) {
    const amount = await contracts[contract].withdrawable(token, chain.account);
    if (amount === 0n) continue;
    const outcome = await send(modules, await callOf(contracts[contract], "withdraw", [token, to]), signal);
    if (outcome.kind === "included") withdrawals.push({ contract, amount });
  }
  return withdrawals;
}

/** Credits pay and bonds of all jobs in this token. */
async function collect(modules: Modules, token: string, signal: AbortSignal): Promise<void> {
  const { chain, contracts } = modules;
  const { number } = await chain.head(signal);
  const jobs = await contracts.market.jobCount();
  for (let jobId = 1n; jobId <= jobs; jobId++) {
    const params = await contracts.market.paramsOf(jobId);
    if (params.token !== token) continue;
    for (const { label, values } of await findPayDue(contracts, jobId, chain.account, number)) {
      await send(modules, await callOf(contracts.market, label, values), signal);
    }
    const bond = await bondCall(modules, jobId);
    if (bond !== undefined) await send(modules, bond, signal);
  }
}

/** Releases the account's bond where its membership is over. */
async function bondCall({ chain, contracts }: Modules, jobId: bigint): Promise<Call | undefined> {
  const [member, job] = await Promise.all([
    contracts.market.memberOf(jobId, chain.account),
    contracts.market.jobOf(jobId),
  ]);
  const isOver = job.closed || (member.leaving !== 0n && member.leaving < job.round);
  if (member.since === 0n || !isOver) return undefined;
  return callOf(contracts.market, "releaseBond", [jobId, chain.account]);
}

async function releaseStake(modules: Modules, token: string, signal: AbortSignal): Promise<void> {
  const { chain, contracts, log } = modules;
  const { amount, freeAt } = await contracts.registry.thawing(token, chain.account);
  if (amount === 0n) return;
  for (;;) {
    const { timestamp } = await chain.head(signal);
    if (timestamp >= Number(freeAt)) break;
    if (Number(freeAt) - timestamp > LONGEST_THAW_WAIT) {
      log.info({ amount: amount.toString(), freeAt: Number(freeAt) }, "stake is still thawing");
      return;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  await send(modules, await callOf(contracts.registry, "release", [token]), signal);
}
