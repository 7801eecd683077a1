import { creditAll } from "../driver/credit-all.ts";
import { BOND, REWARD, type Market } from "../market.ts";
import type { Purse, Slash } from "../scenario.ts";
import type { Run } from "./post-scenario.ts";

/** Credits all pay of a closed job and releases its bonds, with a stranger's calls in one block. */
export async function creditEveryone({
  market,
  job,
  trainers,
}: Pick<Run, "market" | "job" | "trainers">): Promise<void> {
  await creditAll(job);
  for (const { account } of trainers) await job.releaseBond(account);
  await market.chain.block();
}

/** The trainers' purses after everything is credited; a bond was returned or burned. */
export async function trainerPurses(
  { market, trainers }: Pick<Run, "market" | "trainers">,
  forfeited: ReadonlySet<number>,
): Promise<Purse[]> {
  const purses: Purse[] = [];
  for (const [index, { account }] of trainers.entries()) {
    const back = forfeited.has(index) ? 0n : BOND;
    const due = await dueTo(market, account.address);
    purses.push({ paid: due - back, lost: BOND - back, gas: market.chain.gasOf(account.address) });
  }
  return purses;
}

/** The validators' purses after everything is credited. */
export async function validatorPurses({
  market,
  job,
  validators,
  stakes,
}: Pick<Run, "market" | "job" | "validators" | "stakes">): Promise<Purse[]> {
  const { registry } = market.contracts;
  const purses: Purse[] = [];
  for (const [index, { account }] of validators.entries()) {
    const free = await registry.freeStake(market.token, account.address);
    const locked = await registry.lockedStake(market.token, account.address, job.id);
    const lost = stakes[index]! - free - locked;
    purses.push({ paid: await dueTo(market, account.address), lost, gas: market.chain.gasOf(account.address) });
  }
  return purses;
}

function dueTo({ contracts, token }: Market, account: string): Promise<bigint> {
  return contracts.market.withdrawable(token, account);
}

/** All payments and losses of a closed job. */
interface Balance {
  readonly trainers: readonly Purse[];
  readonly validators: readonly Purse[];
  readonly refunded: bigint;
  readonly slashes: readonly Slash[];
}

/**
 * Checks that pay and refund add up to the reward, and that the validators' losses equal the slashes.
 *
 * @throws on any difference, which is a defect of the contracts or of this accounting
 */
export function requireBalanced({ trainers, validators, refunded, slashes }: Balance): void {
  const paid = [...trainers, ...validators].reduce((sum, purse) => sum + purse.paid, 0n);
  if (paid + refunded !== REWARD) throw new Error(`${paid} paid and ${refunded} refunded of a reward of ${REWARD}`);
  const lost = validators.reduce((sum, purse) => sum + purse.lost, 0n);
  const slashed = slashes.reduce((sum, { amount }) => sum + amount, 0n);
  if (lost !== slashed) throw new Error(`validators lost ${lost}, but ${slashed} was slashed`);
}
