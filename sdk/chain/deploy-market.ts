import { Contract, ContractFactory, getCreateAddress, type InterfaceAbi, type Signer } from "ethers";

import { committeesAbi } from "../abi/committees.ts";
import { jobBookAbi } from "../abi/job-book.ts";
import { jobLifecycleAbi } from "../abi/job-lifecycle.ts";
import { scoringPanelAbi } from "../abi/scoring-panel.ts";
import { trainingMarketAbi } from "../abi/training-market.ts";
import { trainingRoundsAbi } from "../abi/training-rounds.ts";
import { wrappedNativeAbi } from "../abi/wrapped-native.ts";
import type { Deployment } from "./deployment.ts";
import { isLocalChain, LOCAL_CHAIN_ID } from "./local-chain.ts";
import { CommonweightError } from "../errors.ts";
import type { Committees } from "../abi/typechain/Committees.ts";
import type { TrainingRounds } from "../abi/typechain/TrainingRounds.ts";

/** On chains of many nodes, unless the deployer names another depth. */
export const DEFAULT_CONFIRMATIONS = 12;

type Deployer = ReturnType<typeof deployerOf>;

export interface DeployMarketOptions {
  /** Returns the compiled creation code of a contract, named by its file below `contracts/` without the ending. */
  readonly bytecodeOf: (contract: string) => string;
  /** How long stake thaws, in seconds. */
  readonly thawPeriod: number;
  /** Token that wraps the native coin. Without it, one is deployed on a local chain, or if `deployWrappedNative`. */
  readonly wrappedNative?: string | undefined;
  /** Whether to deploy a token that wraps the native coin if none is given; default only on local chains. */
  readonly deployWrappedNative?: boolean | undefined;
  /** The deployment's name; `networkName` unless given. */
  readonly network?: string | undefined;
  /** How deep workers let a block get before they rely on it; `confirmationsOf` the chain unless given. */
  readonly confirmations?: number | undefined;
}

/** Gives the confirmations that a chain's deployment has unless others are given: 1 on local chains, else 12. */
export function confirmationsOf(chainId: bigint): number {
  return isLocalChain(chainId) ? 1 : DEFAULT_CONFIRMATIONS;
}

/**
 * Returns the default name of a chain's deployment, which names its file: `local` for the chain of
 * `commonweight chain`, otherwise `chain-` and the chain's id.
 */
export function networkName(chainId: bigint): string {
  return chainId === LOCAL_CHAIN_ID ? "local" : `chain-${chainId}`;
}

/** The contracts whose addresses the book stores, in their order of creation after it. */
const NAMED_BY_THE_BOOK = ["committees", "panel", "rounds", "lifecycle", "market"] as const;

/**
 * Deploys the contracts in six transactions of one account. The book comes first and stores the predicted addresses of
 * the other five, the account's next creations; each of these refuses to be created elsewhere. The committees create
 * the registry, the rounds create the trust book. There is no later wiring and no owner. If no token that wraps the
 * native coin is given, one is deployed first: on local chains, and elsewhere if `deployWrappedNative`.
 *
 * @param signer with a provider, and coins for the gas
 * @throws DEPLOYMENT_NOT_BUILT · DEPLOYMENT_NO_WRAPPED_NATIVE · DEPLOYMENT_FAILED
 */
export async function deployMarket(signer: Signer, options: DeployMarketOptions): Promise<Deployment> {
  const { provider } = signer;
  if (provider === null) throw new TypeError("the signer has no provider");
  const { chainId } = await provider.getNetwork();
  // Read once: the provider would answer a second call from its cache.
  let nonce = await signer.getNonce("pending");
  const deploy = deployerOf(signer, options.bytecodeOf);
  const { deployWrappedNative: mayDeploy = isLocalChain(chainId) } = options;
  if (options.wrappedNative === undefined && !mayDeploy) throw noWrappedNative(chainId);
  const wrapped = options.wrappedNative ?? (await deployWrappedNative(deploy, nonce++));

  const from = await signer.getAddress();
  const named = Object.fromEntries(
    NAMED_BY_THE_BOOK.map((name, place) => [name, getCreateAddress({ from, nonce: nonce + 1 + place })]),
  );
  const book = await deploy(nonce, "JobBook", jobBookAbi, named);
  const committees = await deploy(nonce + 1, "Committees", committeesAbi, book.address, options.thawPeriod);
  const panel = await deploy(nonce + 2, "ScoringPanel", scoringPanelAbi, book.address);
  const rounds = await deploy(nonce + 3, "TrainingRounds", trainingRoundsAbi, book.address);
  const lifecycle = await deploy(nonce + 4, "JobLifecycle", jobLifecycleAbi, book.address);
  const market = await deploy(nonce + 5, "TrainingMarket", trainingMarketAbi, book.address);
  // Casts: TypeChain's types describe these interfaces.
  const list = new Contract(committees.address, committeesAbi, provider) as unknown as Committees;
  const training = new Contract(rounds.address, trainingRoundsAbi, provider) as unknown as TrainingRounds;
  return {
    network: options.network ?? networkName(chainId),
    chainId,
    block: book.receipt.blockNumber,
    transaction: market.receipt.hash,
    market: market.address,
    lifecycle: lifecycle.address,
    rounds: rounds.address,
    book: book.address,
    trust: await training.TRUST(),
    committees: committees.address,
    panel: panel.address,
    registry: await list.REGISTRY(),
    wrappedNative: wrapped,
    thawPeriod: options.thawPeriod,
    confirmations: options.confirmations ?? confirmationsOf(chainId),
  };
}

async function deployWrappedNative(deploy: Deployer, nonce: number): Promise<string> {
  return (await deploy(nonce, "mocks/WrappedNative", wrappedNativeAbi)).address;
}

function noWrappedNative(chainId: bigint): CommonweightError {
  return new CommonweightError(
    "DEPLOYMENT_NO_WRAPPED_NATIVE",
    `no token that wraps the native coin of chain ${chainId} is given`,
    "Pass its address with --wrapped-native, for example WETH9's on Ethereum; if the chain has none, " +
      "--deploy-wrapped-native deploys one.",
  );
}

function deployerOf(signer: Signer, bytecodeOf: (contract: string) => string) {
  return async (nonce: number, name: string, abi: InterfaceAbi, ...args: readonly unknown[]) => {
    const factory = new ContractFactory(abi, bytecodeOf(name), signer);
    try {
      const contract = await factory.deploy(...args, { nonce });
      const receipt = await contract.deploymentTransaction()?.wait();
      if (receipt?.contractAddress) return { address: receipt.contractAddress, receipt };
    } catch (cause) {
      // The full message contains the bytecode.
      throw deploymentFailed(name, shortMessageOf(cause), cause);
    }
    throw deploymentFailed(name, "its transaction was not mined");
  };
}

function shortMessageOf(error: unknown): string {
  return error instanceof Error && "shortMessage" in error ? String(error.shortMessage) : String(error);
}

function deploymentFailed(name: string, reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "DEPLOYMENT_FAILED",
    `${name} was not created: ${reason}`,
    "Check the endpoint and the account's coins, then deploy again.",
    { cause },
  );
}
