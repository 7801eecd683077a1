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
  if ((await runner.provider?.getCode(market)) !== "0x") return;
  throw new CommonweightError(
    "DEPLOYMENT_ABSENT",
    `no contract at ${market} on chain ${chainId}, the market's address in ${deployment}`,
    "Pass this chain's deployment file; a local chain with the contracts is started by `commonweight chain`.",
  );
}
