import type { Purse, Slash } from "./scenario.ts";
import { BOND, REWARD, type Market } from "./market.ts";

const ALL_UPDATES = (1n << 64n) - 1n;
const ALL_SEATS = (1n << 32n) - 1n;

/** In the token's smallest unit. */
interface Worth {
  readonly market: bigint;
  readonly registry: bigint;
}

/** Credits everyone with what a closed job owes and frees its bonds: by a stranger, in one block. */
export async function creditAll(market: Market, jobId: bigint, lastRound: number, members: readonly string[]) {
  const { call, view, stranger, chain } = market;
  const calls = [];
  for (let round = 1; round <= lastRound; round++) {
    const trainers = await view<{ earned: bigint }>("market", "trainersPayOf", jobId, round);
    if (trainers.earned > 0n) calls.push(call(stranger, "market", "creditTrainers", jobId, round, ALL_UPDATES));
    for (const attempt of [1, 2]) {
      const pay = await view<{ quality: bigint; attestation: bigint }>(
        "market",
        "validatorsPayOf",
        jobId,
        round,
        attempt,
      );
      if (pay.quality + pay.attestation === 0n) continue;
      calls.push(call(stranger, "market", "creditValidators", jobId, round, attempt, ALL_SEATS));
    }
  }
  for (const member of members) calls.push(call(stranger, "market", "releaseBond", jobId, member));
  await chain.block(calls);
}

/** What an account has in the two ledgers. */
async function worthOf(market: Market, account: string, jobId: bigint): Promise<Worth> {
  const token = market.deployment.wrappedNative;
  const [free, locked] = [
    await market.view<bigint>("registry", "freeStake", token, account),
    await market.view<bigint>("registry", "lockedStake", token, account, jobId),
  ];
  return {
    market: await market.view<bigint>("market", "withdrawable", token, account),
    registry: free + locked,
  };
}

/** A trainer's purse once all is credited: its bond came back, or burned. */
export async function trainerPurse(market: Market, account: string, jobId: bigint, forfeited: boolean): Promise<Purse> {
  const { market: due } = await worthOf(market, account, jobId);
  const back = forfeited ? 0n : BOND;
  return { paid: due - back, lost: BOND - back, gas: market.chain.gasOf(account) };
}

/** A validator's purse: `before` is its stake when the job was posted. */
export async function validatorPurse(market: Market, account: string, jobId: bigint, before: bigint): Promise<Purse> {
  const { market: paid, registry } = await worthOf(market, account, jobId);
  return { paid, lost: before - registry, gas: market.chain.gasOf(account) };
}

/**
 * The reward is all paid or refunded, and validators lost what was slashed: what is left over is a defect of the contracts or of
 * this account-keeping.
 */
export function requireBalanced(
  trainers: readonly Purse[],
  validators: readonly Purse[],
  refunded: bigint,
  slashes: readonly Slash[],
): void {
  const paid = [...trainers, ...validators].reduce((sum, purse) => sum + purse.paid, 0n);
  if (paid + refunded !== REWARD) throw new Error(`${paid} paid and ${refunded} refunded of a reward of ${REWARD}`);
  const lost = validators.reduce((sum, purse) => sum + purse.lost, 0n);
  const slashed = slashes.reduce((sum, { amount }) => sum + amount, 0n);
  if (lost !== slashed) throw new Error(`validators lost ${lost}, and ${slashed} was slashed`);
}
