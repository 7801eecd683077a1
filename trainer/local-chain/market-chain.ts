import { HDNodeWallet, JsonRpcProvider } from "ethers";

import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { creationCode } from "./creation-code.ts";
import { BLOCK_INTERVAL_MS, LOCAL_CHAIN_MNEMONIC, startLocalChain, type LocalChain } from "./local-chain.ts";

/** Long enough for no empty block during deployment, so that block numbers and fees are deterministic. */
const NO_INTERVAL_MS = 2_000_000_000;
/** Short, so that a user who tries the chain can see stake thaw. */
const THAW_SECONDS = 60;

export interface MarketChain {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
}

/**
 * Starts a local chain and deploys the contracts from the first account of `LOCAL_CHAIN_MNEMONIC`, in its first
 * transactions. The deployment is deterministic, even its transaction hashes; `deployments/local.json` records it.
 *
 * @param options the loopback port; default any free port
 * @throws DEPLOYMENT_NOT_BUILT · DEPLOYMENT_FAILED, and the errors of `startLocalChain`
 */
export async function startMarketChain(options: { readonly port?: number } = {}): Promise<MarketChain> {
  const chain = await startLocalChain({ ...options, intervalMs: NO_INTERVAL_MS });
  const provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true, cacheTimeout: -1 });
  try {
    const deployer = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).connect(provider);
    const deployment = await deployMarket(deployer, { bytecodeOf: await creationCode(), thawPeriod: THAW_SECONDS });
    await provider.send("evm_setIntervalMining", [BLOCK_INTERVAL_MS]);
    return { chain, deployment };
  } catch (error) {
    await chain.stop();
    throw error;
  } finally {
    provider.destroy();
  }
}
