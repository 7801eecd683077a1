import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Chain } from "../../chain/port.ts";
import type { CommonOptions } from "../options/options.ts";

/**
 * Checks that the deployment's contracts are on this chain: a local chain that was restarted has none of them.
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
    `there is no contract at ${market} on chain ${chainId}, where ${deployment} says that the market stands`,
    "Give the deployment of this chain; one that was started anew needs the contracts again (npm run deploy).",
  );
}
