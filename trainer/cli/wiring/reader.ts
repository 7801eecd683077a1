import type { Logger } from "pino";

import { connectContracts, type Contracts } from "@commonweight/sdk/chain/contracts";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { openEvmReader } from "../../chain/evm-reader.ts";
import type { ChainReader } from "../../chain/port.ts";
import type { CommonOptions } from "../options/options.ts";
import { requireDeployed } from "./deployed.ts";
import { readDeployment } from "./deployment-file.ts";
import { commandLog } from "./logs.ts";
import { POLL_MS } from "./poll.ts";

/** Read-only access to the market's contracts, without a key or a journal. */
export interface Reader {
  readonly deployment: Deployment;
  readonly chain: ChainReader;
  readonly contracts: Contracts;
  readonly log: Logger;
}

/** Opens a reader, runs `use` and closes it; works without a key and beside a running worker of the same account. */
export async function withReader<Result>(
  options: CommonOptions,
  use: (reader: Reader) => Promise<Result>,
): Promise<Result> {
  const log = commandLog(options);
  const deployment = await readDeployment(options.deployment);
  const chain = await openEvmReader({
    rpcUrls: options.rpc,
    expectedChainId: deployment.chainId,
    pollMs: POLL_MS,
    log,
  });
  try {
    await requireDeployed(chain, deployment, options);
    return await use({ deployment, chain, contracts: connectContracts(deployment, chain.runner), log });
  } finally {
    chain.close();
  }
}

/** Opens the endpoints' chain for reading, with or without the contracts, runs `use` and closes it. */
export async function withAnyChain<Result>(
  options: CommonOptions,
  use: (chain: ChainReader) => Promise<Result>,
): Promise<Result> {
  const chain = await openEvmReader({ rpcUrls: options.rpc, pollMs: POLL_MS, log: commandLog(options) });
  try {
    return await use(chain);
  } finally {
    chain.close();
  }
}
