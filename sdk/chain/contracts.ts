import { Contract, Interface, type ContractRunner } from "ethers";

import type { Committees } from "../abi/typechain/Committees.ts";
import type { JobBook } from "../abi/typechain/JobBook.ts";
import type { JobLifecycle } from "../abi/typechain/JobLifecycle.ts";
import type { ScoringPanel } from "../abi/typechain/ScoringPanel.ts";
import type { StakeRegistry } from "../abi/typechain/StakeRegistry.ts";
import type { TrainingMarket } from "../abi/typechain/TrainingMarket.ts";
import type { TrainingRounds } from "../abi/typechain/TrainingRounds.ts";
import type { TrustBook } from "../abi/typechain/TrustBook.ts";
import type { WrappedNative } from "../abi/typechain/mocks/WrappedNative.ts";
import { committeesAbi } from "../abi/committees.ts";
import { erc20Abi } from "../abi/erc20.ts";
import { jobBookAbi } from "../abi/job-book.ts";
import { jobLifecycleAbi } from "../abi/job-lifecycle.ts";
import { scoringPanelAbi } from "../abi/scoring-panel.ts";
import { stakeRegistryAbi } from "../abi/stake-registry.ts";
import { trainingMarketAbi } from "../abi/training-market.ts";
import { trainingRoundsAbi } from "../abi/training-rounds.ts";
import { trustBookAbi } from "../abi/trust-book.ts";
import { wrappedNativeAbi } from "../abi/wrapped-native.ts";
import type { Deployment } from "./deployment.ts";

/** Any ERC-20 token. */
export type Erc20 = Omit<WrappedNative, "deposit" | "withdraw">;

/** The contracts of one deployment, with the types of their functions. */
export interface Contracts {
  /** The jobs' money. */
  readonly market: TrainingMarket;
  /** The lifecycle of jobs: opening rounds, releasing models, closing. */
  readonly lifecycle: JobLifecycle;
  /** Members, rounds and updates. */
  readonly rounds: TrainingRounds;
  /** The jobs' parameters. */
  readonly book: JobBook;
  readonly trust: TrustBook;
  /** Lists of validators, and the draw. */
  readonly committees: Committees;
  /** Scores, consensus and attestations. */
  readonly panel: ScoringPanel;
  readonly registry: StakeRegistry;
  /** The native coin as a token. */
  readonly wrappedNative: WrappedNative;
  /** The token of a job. */
  token(address: string): Erc20;
}

/** All interfaces, for decoding events and custom errors. */
export const contractInterfaces: readonly Interface[] = [
  trainingMarketAbi,
  jobLifecycleAbi,
  trainingRoundsAbi,
  jobBookAbi,
  trustBookAbi,
  committeesAbi,
  scoringPanelAbi,
  stakeRegistryAbi,
  wrappedNativeAbi,
].map((abi) => new Interface(abi));

/**
 * Connects the contracts of a deployment.
 *
 * @param runner a provider for reading, or a signer for reading and sending
 */
export function connectContracts(deployment: Deployment, runner: ContractRunner): Contracts {
  // Casts: TypeChain's types describe exactly these interfaces; ethers makes the functions at run time.
  const connect = <T>(address: string, abi: ConstructorParameters<typeof Contract>[1]): T =>
    new Contract(address, abi, runner) as unknown as T;
  return {
    market: connect<TrainingMarket>(deployment.market, trainingMarketAbi),
    lifecycle: connect<JobLifecycle>(deployment.lifecycle, jobLifecycleAbi),
    rounds: connect<TrainingRounds>(deployment.rounds, trainingRoundsAbi),
    book: connect<JobBook>(deployment.book, jobBookAbi),
    trust: connect<TrustBook>(deployment.trust, trustBookAbi),
    committees: connect<Committees>(deployment.committees, committeesAbi),
    panel: connect<ScoringPanel>(deployment.panel, scoringPanelAbi),
    registry: connect<StakeRegistry>(deployment.registry, stakeRegistryAbi),
    wrappedNative: connect<WrappedNative>(deployment.wrappedNative, wrappedNativeAbi),
    token: (address) => connect<Erc20>(address, erc20Abi),
  };
}
