import { Contract, FetchRequest, JsonRpcProvider, Network, toBeHex, type ContractRunner } from "ethers";

import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";
import { compare, type Comparison } from "./comparison.ts";
import { codeHash, codeHashOnChain, DEPLOYED, type CompiledCode, type DeployedKey } from "./compiled-code.ts";

const TIMEOUT_MS = 30_000;

/** A deployment and a connection to its chain. */
export interface DeployedChain {
  readonly deployment: Deployment;
  readonly provider: JsonRpcProvider;
}

/** Immutables of each contract, with the deployment field that each must equal. */
const LINKS: Readonly<Record<DeployedKey, Readonly<Record<string, keyof Deployment>>>> = {
  market: { BOOK: "book", LIFECYCLE: "lifecycle", ROUNDS: "rounds", PANEL: "panel" },
  lifecycle: { BOOK: "book", MARKET: "market", ROUNDS: "rounds", COMMITTEES: "committees", PANEL: "panel" },
  rounds: {
    ...{ BOOK: "book", MARKET: "market", LIFECYCLE: "lifecycle", COMMITTEES: "committees", PANEL: "panel" },
    TRUST: "trust",
  },
  committees: { BOOK: "book", LIFECYCLE: "lifecycle", ROUNDS: "rounds", PANEL: "panel", REGISTRY: "registry" },
  panel: { BOOK: "book", LIFECYCLE: "lifecycle", COMMITTEES: "committees" },
  book: {
    ...{ MARKET: "market", LIFECYCLE: "lifecycle", ROUNDS: "rounds", COMMITTEES: "committees" },
    PANEL: "panel",
  },
  trust: { ROUNDS: "rounds", PANEL: "panel" },
  registry: { COMMITTEES: "committees", THAW_PERIOD: "thawPeriod" },
};

/**
 * Opens a chain.
 *
 * @throws VERIFY_NO_CHAIN · VERIFY_WRONG_CHAIN
 */
export async function openChain(url: string, chainId: bigint): Promise<JsonRpcProvider> {
  const request = new FetchRequest(url);
  request.timeout = TIMEOUT_MS;
  const network = Network.from(chainId);
  const provider = new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1 });
  try {
    const actual = BigInt((await provider.send("eth_chainId", [])) as string);
    if (actual !== chainId) throw wrongChain(actual, chainId);
    return provider;
  } catch (cause) {
    provider.destroy();
    throw cause instanceof CommonweightError ? cause : unreachable(cause);
  }
}

/** Compares each deployed contract's code with the build, and its immutables with the deployment. */
export async function compareOnChain(
  { deployment, provider }: DeployedChain,
  codes: readonly CompiledCode[],
): Promise<readonly Comparison[]> {
  const keys = Object.keys(DEPLOYED) as readonly DeployedKey[];
  const all: Comparison[] = [];
  for (const key of keys) {
    const compiled = codes.find(({ name }) => name === DEPLOYED[key]);
    if (compiled === undefined) throw new Error(`${DEPLOYED[key]} is not in the build`);
    const code = compareCode(compiled, deployment[key], await provider.getCode(deployment[key]));
    // Immutables are only compared if the code matches: other code can return any value.
    all.push(code, ...(code.matches ? await compareLinks(key, deployment, provider) : []));
  }
  return all;
}

function compareCode(compiled: CompiledCode, address: string, code: string): Comparison {
  const expected = codeHash(compiled.code);
  const actual = code === "0x" ? undefined : codeHashOnChain(code, compiled);
  const name = `${compiled.name} at ${address}`;
  const otherwise = code === "0x" ? "no code" : "code of another length, or inconsistent immutables";
  return compare(name, expected, actual ?? otherwise);
}

async function compareLinks(key: DeployedKey, deployment: Deployment, runner: ContractRunner) {
  return Promise.all(
    Object.entries(LINKS[key]).map(async ([immutable, link]): Promise<Comparison> => {
      const contract = new Contract(deployment[key], [`function ${immutable}() view returns (uint256)`], runner);
      const actual = word((await contract.getFunction(immutable).staticCall()) as bigint);
      return compare(`${DEPLOYED[key]}.${immutable}`, word(BigInt(deployment[link])), actual);
    }),
  );
}

function word(value: bigint): string {
  return toBeHex(value, 32);
}

function wrongChain(actual: bigint, expected: bigint): CommonweightError {
  return new CommonweightError(
    "VERIFY_WRONG_CHAIN",
    `the endpoint serves chain ${actual}, but the deployment is on chain ${expected}`,
    "Pass an endpoint of the deployment's chain with --rpc.",
  );
}

function unreachable(cause: unknown): CommonweightError {
  return new CommonweightError(
    "VERIFY_NO_CHAIN",
    "the endpoint does not answer",
    "Check the address given with --rpc.",
    { cause },
  );
}
