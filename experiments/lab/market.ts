import { Interface, parseEther } from "ethers";

import { jobBookAbi } from "@commonweight/sdk/abi/job-book";
import { jobRoundsAbi } from "@commonweight/sdk/abi/job-rounds";
import { scoringPanelAbi } from "@commonweight/sdk/abi/scoring-panel";
import { stakeRegistryAbi } from "@commonweight/sdk/abi/stake-registry";
import { trainingMarketAbi } from "@commonweight/sdk/abi/training-market";
import { connectContracts } from "@commonweight/sdk/chain/contracts";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import { bytecodeOf } from "../../scripts/artifacts.ts";
import { VirtualChain, type Call, type ChainEvent } from "./virtual-chain.ts";

/** How many of each a market has at most; a scenario uses the first ones. */
export const MOST_TRAINERS = 16;
export const MOST_VALIDATORS = 24;

/** What a validator loses at most with one seat: a tenth of the reward, as job files have it by default. */
export const REWARD = parseEther("1000");
export const BOND = REWARD / 100n;
export const SEAT_LOCK = REWARD / 10n;
/** Enough for every job of a scenario. */
const WEALTH = parseEther("1000000");
const STAKE = parseEther("100000");
const DAY = 86_400;

const CODERS = {
  market: new Interface(trainingMarketAbi),
  rounds: new Interface(jobRoundsAbi),
  book: new Interface(jobBookAbi),
  panel: new Interface(scoringPanelAbi),
  registry: new Interface(stakeRegistryAbi),
} as const;
export type ContractName = keyof typeof CODERS;

/** The deployed contracts on a chain of their own, and who plays what. */
export interface Market {
  readonly chain: VirtualChain;
  readonly deployment: Deployment;
  readonly initiator: string;
  /** Has no part in any job. */
  readonly stranger: string;
  readonly trainers: readonly string[];
  readonly validators: readonly string[];
  call(from: string, contract: ContractName, name: string, ...values: readonly unknown[]): Call;
  view<T>(contract: ContractName, name: string, ...values: readonly unknown[]): Promise<T>;
}

/** Deploys the contracts, gives everyone wrapped coins, stakes the validators, and keeps that state for `chain.restore`. */
export async function openMarket(): Promise<Market> {
  const chain = await VirtualChain.open(2 + MOST_TRAINERS + MOST_VALIDATORS);
  const signers = await chain.signers;
  const [initiator, stranger] = signers;
  if (initiator === undefined || stranger === undefined) throw new Error("a chain without accounts");
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
  chain.decodeWith(Object.values(CODERS));
  await chain.keep();
  return {
    chain,
    deployment,
    initiator: initiator.address,
    stranger: stranger.address,
    trainers: chain.accounts.slice(2, 2 + MOST_TRAINERS),
    validators: chain.accounts.slice(2 + MOST_TRAINERS),
    call: (from, contract, name, ...values) => ({
      from,
      to: deployment[contract],
      data: CODERS[contract].encodeFunctionData(name, values),
    }),
    // Cast: ethers decodes by the generated interface; the caller names what that function gives.
    view: async <T>(contract: ContractName, name: string, ...values: readonly unknown[]) => {
      const result = await chain.view(deployment[contract], CODERS[contract], name, values);
      return (result.length === 1 ? result[0] : result) as T;
    },
  };
}

/** The events of one name. */
export function eventsOf(events: readonly ChainEvent[], name: string): readonly ChainEvent[] {
  return events.filter((event) => event.name === name);
}
