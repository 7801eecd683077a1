import { join } from "node:path";

import type { Wallet } from "ethers";
import type { Logger } from "pino";

import { connectContracts, contractInterfaces, type Contracts } from "@commonweight/sdk/chain/contracts";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";
import { makeFolder, PRIVATE_FOLDER } from "../../make-folder.ts";
import { openEvmReader } from "../../chain/evm-reader.ts";
import { openEvmChain } from "../../chain/evm.ts";
import type { Chain } from "../../chain/port.ts";
import { hasSender, senderPlace } from "../../chain/sender-place.ts";
import { sendThroughWorker } from "../../chain/sender-socket.ts";
import { journalPath } from "../../journal/journal-path.ts";
import type { Journal } from "../../journal/port.ts";
import { openJournal } from "../../journal/sqlite.ts";
import type { CommonOptions } from "../options/options.ts";
import { deploymentBlock } from "./deployed.ts";
import { readDeployment } from "./deployment-file.ts";
import { loadAccount } from "./keys.ts";
import { commandLog } from "./logs.ts";
import { POLL_MS } from "./poll.ts";
import { withReader } from "./reader.ts";

/** Everything that a command needs to act for an account on the market's contracts. */
export interface Session {
  readonly deployment: Deployment;
  readonly wallet: Wallet;
  readonly chain: Chain;
  readonly contracts: Contracts;
  readonly journal: Journal;
  readonly log: Logger;
  /** This account's own folder. */
  readonly folder: string;
}

/** What a command needs that only sends transactions: it keeps no records. */
export type Sending = Omit<Session, "journal">;

/**
 * Opens a session for a command that only sends transactions. Where a worker of the same key is running, the worker
 * sends them: so one process signs for the key.
 *
 * @throws JOURNAL_LOCKED another process has the key that is not a worker
 */
export async function withSending<Result>(
  options: CommonOptions,
  use: (sending: Sending) => Promise<Result>,
): Promise<Result> {
  let hasBegun = false;
  try {
    return await withSession(options, (session) => {
      hasBegun = true;
      return use(session);
    });
  } catch (error) {
    if (hasBegun || !(error instanceof CommonweightError) || error.code !== "JOURNAL_LOCKED") throw error;
    const wallet = await loadAccount(options);
    const folder = join(options.dataDir, wallet.address.toLowerCase());
    return withReader(options, async (reader) => {
      const place = senderPlace(folder, reader.deployment.chainId);
      if (!hasSender(place)) throw error;
      const { confirmations } = reader.deployment;
      const self = { chainId: reader.chain.chainId, account: wallet.address };
      const chain: Chain = {
        ...reader.chain,
        ...self,
        confirmations: confirmations ?? 1,
        signer: wallet,
        send: (call, signal) => sendThroughWorker(place.path, self, call, signal),
      };
      const contracts = connectContracts(reader.deployment, chain.runner);
      return use({ deployment: reader.deployment, wallet, chain, contracts, log: reader.log, folder });
    });
  }
}

/** Opens a session, runs `use` with it and closes everything. A command's result goes to standard output. */
export async function withSession<Result>(
  options: CommonOptions,
  use: (session: Session) => Promise<Result>,
  log: Logger = commandLog(options),
): Promise<Result> {
  const deployment = await readDeployment(options.deployment);
  const wallet = await loadAccount(options);
  const folder = join(options.dataDir, wallet.address.toLowerCase());
  makeFolder(folder, PRIVATE_FOLDER);
  // Open the journal before the account: it rejects a second process with the same key, and a pending transaction is
  // sent only to the chain that it was signed for.
  const subject = { chainId: deployment.chainId, contract: deployment.market, account: wallet.address };
  const block = await readDeploymentBlock(options, deployment, log);
  const journal = openJournal(journalPath(folder, { ...subject, deploymentBlock: block }));
  try {
    const chain = await openEvmChain({
      rpcUrls: options.rpc,
      expectedChainId: deployment.chainId,
      confirmations: deployment.confirmations,
      wallet,
      pollMs: POLL_MS,
      journal,
      interfaces: contractInterfaces,
      log,
    });
    try {
      const contracts = connectContracts(deployment, chain.runner);
      return await use({ deployment, wallet, chain, contracts, journal, log, folder });
    } finally {
      chain.close();
    }
  } finally {
    journal.close();
  }
}

async function readDeploymentBlock(options: CommonOptions, deployment: Deployment, log: Logger): Promise<string> {
  const { chainId: expectedChainId } = deployment;
  const chain = await openEvmReader({ rpcUrls: options.rpc, expectedChainId, pollMs: POLL_MS, log });
  try {
    return await deploymentBlock(chain, deployment, options);
  } finally {
    chain.close();
  }
}
