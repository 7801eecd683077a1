import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Chain } from "../../chain/port.ts";
import type { CommonOptions } from "../options/options.ts";

/**
 * Checks that the market has code on this chain; a restarted local chain has none.
 *
 * @throws DEPLOYMENT_ABSENT
 */
export async function requireDeployed(
  { runner }: Pick<Chain, "runner">,
  { market, chainId }: Deployment,
  { deployment }: CommonOptions,
): Promise<void> {
  if ((await runner.provider?.getCode(market)) === "0x") throw absent(market, chainId, deployment);
}

/**
 * Returns the hash of the deployment's block: another chain with the same addresses, as after a restart, has another.
 *
 * @throws DEPLOYMENT_ABSENT
 */
export async function deploymentBlock(
  chain: Pick<Chain, "runner">,
  deployment: Deployment,
  options: CommonOptions,
): Promise<string> {
  await requireDeployed(chain, deployment, options);
  const block = await chain.runner.provider?.getBlock(deployment.block);
  if (block?.hash !== undefined && block.hash !== null) return block.hash;
  throw absent(deployment.market, deployment.chainId, options.deployment);
}

function absent(market: string, chainId: bigint, file: string): CommonweightError {
  return new CommonweightError(
    "DEPLOYMENT_ABSENT",
    `no contract at ${market} on chain ${chainId}, the market's address in ${file}`,
    "Pass this chain's deployment file; a local chain with the contracts is started by `commonweight chain`.",
  );
}
