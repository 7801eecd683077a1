import { getCreateAddress, parseEther } from "ethers";

import type {
  Committees,
  JobBook,
  JobLifecycle,
  ScoringPanel,
  StakeRegistry,
  TrainingMarket,
  TrainingRounds,
  TrustBook,
} from "@commonweight/sdk/abi/typechain/index";
import type { TestToken } from "@commonweight/sdk/abi/typechain/mocks/index";
import { type Chain, type Signer, at } from "./chain.ts";
import { restoredOrMade } from "./restore.ts";

/** Thaw period of stake in tests, in seconds. */
export const THAW_PERIOD = 86_400;

/** Initial balance of every account, in the token's smallest unit. */
export const WEALTH = parseEther("1000000");

/** The deployed contracts, one honest token, and the accounts by role. */
export interface World {
  readonly chain: Chain;
  readonly market: TrainingMarket;
  readonly lifecycle: JobLifecycle;
  readonly rounds: TrainingRounds;
  readonly book: JobBook;
  readonly trust: TrustBook;
  readonly committees: Committees;
  readonly panel: ScoringPanel;
  readonly registry: StakeRegistry;
  readonly token: TestToken;
  readonly initiator: Signer;
  /** Has no part in any job. */
  readonly stranger: Signer;
  readonly trainers: readonly Signer[];
  readonly validators: readonly Signer[];
  /** All of the above. */
  readonly everyone: readonly Signer[];
}

/** Numbers of trainers and validators in a world. */
export interface Population {
  readonly trainers: number;
  readonly validators: number;
}

/** The contracts of one deployment. */
export type Deployed = Pick<
  World,
  "market" | "lifecycle" | "rounds" | "book" | "trust" | "committees" | "panel" | "registry"
>;

/** Deploys `JobBook` and the five contracts whose addresses it stores, in the first account's next six transactions. */
export async function deployContracts({ ethers, signers }: Chain, thawPeriod = THAW_PERIOD): Promise<Deployed> {
  const deployer = at(signers, 0);
  const nonce = await deployer.getNonce();
  const [committees, panel, rounds, lifecycle, market] = [1, 2, 3, 4, 5].map((place) =>
    getCreateAddress({ from: deployer.address, nonce: nonce + place }),
  );
  const book = await ethers.deployContract("JobBook", [{ market, lifecycle, rounds, committees, panel }]);
  const list = await ethers.deployContract("Committees", [book, thawPeriod]);
  const scoring = await ethers.deployContract("ScoringPanel", [book]);
  const training = await ethers.deployContract("TrainingRounds", [book]);
  return {
    book,
    committees: list,
    panel: scoring,
    rounds: training,
    lifecycle: await ethers.deployContract("JobLifecycle", [book]),
    market: await ethers.deployContract("TrainingMarket", [book]),
    trust: await ethers.getContractAt("TrustBook", await training.TRUST()),
    registry: await ethers.getContractAt("StakeRegistry", await list.REGISTRY()),
  };
}

/**
 * Deploys the contracts and a token; every account gets `WEALTH` and approves market and registry. A test's first world
 * is restored from a snapshot of an earlier test's, which is three times as fast.
 */
export async function deployedMarket(
  chain: Chain,
  population: Population = { trainers: 6, validators: 9 },
): Promise<World> {
  return restoredOrMade(chain, `${population.trainers} ${population.validators}`, () => newMarket(chain, population));
}

async function newMarket(chain: Chain, population: Population): Promise<World> {
  const { ethers, signers } = chain;
  const contracts = await deployContracts(chain);
  const { market, registry } = contracts;
  const token = await ethers.deployContract("TestToken");

  const first = 2 + population.trainers;
  const everyone = signers.slice(0, first + population.validators);
  for (const signer of everyone) {
    await token.mint(signer.address, WEALTH);
    await token.connect(signer).approve(market, ethers.MaxUint256);
    await token.connect(signer).approve(registry, ethers.MaxUint256);
  }
  return {
    chain,
    ...contracts,
    token,
    initiator: at(signers, 0),
    stranger: at(signers, 1),
    trainers: everyone.slice(2, first),
    validators: everyone.slice(first),
    everyone,
  };
}
