import { parseEther } from "ethers";

import { connectContracts, contractInterfaces, type Contracts } from "@commonweight/sdk/chain/contracts";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import { bytecodeOf } from "../../trainer/local-chain/artifacts.ts";
import type { Account } from "./driver/job-calls.ts";
import { VirtualChain } from "./driver/virtual-chain.ts";

/** Numbers of accounts in a market; a scenario uses the first ones. */
export const MOST_TRAINERS = 16;
export const MOST_VALIDATORS = 24;

/** A job's money; bond and seat lock have a job file's default shares of the reward. */
export const REWARD = parseEther("1000");
export const BOND = REWARD / 100n;
export const SEAT_LOCK = REWARD / 10n;
/** Enough for every job of a scenario. */
const WEALTH = parseEther("1000000");
const STAKE = parseEther("100000");
const DAY = 86_400;

/** The deployed contracts on their own chain, and the accounts by role. */
export interface Market {
  readonly chain: VirtualChain;
  readonly contracts: Contracts;
  /** Token that rewards are paid in. */
  readonly token: string;
  readonly initiator: Account;
  /** Has no part in any job. */
  readonly stranger: Account;
  readonly trainers: readonly Account[];
  readonly validators: readonly Account[];
}

/** Deploys the contracts, funds all accounts, stakes for the validators, and takes a snapshot for `chain.restore`. */
export async function openMarket(): Promise<Market> {
  const chain = await VirtualChain.open(2 + MOST_TRAINERS + MOST_VALIDATORS);
  const signers = await chain.signers;
  const [initiator, stranger] = signers;
  if (initiator === undefined || stranger === undefined) throw new Error("the chain has no accounts");
  const deployment = await deployMarket(initiator, { bytecodeOf, thawPeriod: DAY });
  const validators = signers.slice(2 + MOST_TRAINERS);
  for (const signer of signers) {
    const { wrappedNative, registry } = connectContracts(deployment, signer);
    await wrappedNative.deposit({ value: WEALTH });
    await wrappedNative.approve(deployment.market, WEALTH);
    await wrappedNative.approve(deployment.registry, WEALTH);
    if (validators.includes(signer)) await registry.stake(deployment.wrappedNative, STAKE, NO_PERMIT);
  }
  await chain.batched();
  chain.decodeWith(contractInterfaces);
  await chain.keep();
  return {
    ...{ chain, initiator, stranger, validators },
    contracts: connectContracts(deployment, chain.provider),
    token: deployment.wrappedNative,
    trainers: signers.slice(2, 2 + MOST_TRAINERS),
  };
}
