import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { Wallet } from "ethers";
import { pino, type Logger } from "pino";

import { connectContracts, contractInterfaces, type Contracts } from "../../sdk/contracts.ts";
import { readDeployment } from "../../sdk/deployment-file.ts";
import type { Deployment } from "../../sdk/deployment.ts";
import { CommonweightError } from "../../sdk/errors.ts";
import { saltOf } from "../../sdk/salts.ts";
import { openEvmChain } from "../chain/evm.ts";
import { loadKey, type KeySource } from "../chain/keystore.ts";
import type { Chain } from "../chain/port.ts";
import type { ContentStore } from "../content/port.ts";
import { journalPath } from "../journal/journal-path.ts";
import type { Journal } from "../journal/port.ts";
import { openJournal } from "../journal/sqlite.ts";
import type { WorkerModules, WorkerTimes } from "../roles/modules.ts";
import type { CommonOptions } from "./options.ts";

/** How often the chain is looked at, in milliseconds. */
const POLL_MS = 100;

export const WORKER_TIMES: WorkerTimes = { pollMs: POLL_MS, fetchTimeoutMs: 30_000, turnMs: 2_000 };

/** An account on a chain with the market's contracts: what every command stands on. */
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

/** A session that exchanges content with other workers. */
export interface WorkerSession extends Session {
  readonly content: ContentStore;
  readonly modules: WorkerModules;
}

/** Opens a session, runs `use` with it and closes everything, whatever happens. */
export async function withSession<Result>(
  options: CommonOptions,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const log = openLog(options);
  const deployment = await readDeployment(options.deployment);
  const wallet = await loadKey(keySource(options));
  const folder = join(options.dataDir, wallet.address.toLowerCase());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The journal comes first: it refuses a second process with the same key.
  const journal = openJournal(journalPath(folder, deployment.chainId, deployment.market, wallet.address));
  try {
    const chain = await openEvmChain({
      rpcUrls: options.rpc,
      expectedChainId: deployment.chainId,
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

/** Opens a session with content, runs `use` with it and closes everything, whatever happens. */
export async function withWorker<Result>(
  options: CommonOptions,
  use: (session: WorkerSession) => Promise<Result>,
): Promise<Result> {
  return withSession(options, async (session) => {
    const { chain, contracts, journal, log, wallet, deployment } = session;
    // Loaded here: commands that exchange no content start in half the time.
    const { openHelia } = await import("../content/helia.ts");
    const content = await openHelia(
      {
        folder: join(session.folder, "content"),
        bootstrap: options.bootstrap,
        ...(options.listen === undefined ? {} : { listen: options.listen }),
      },
      { log },
    );
    try {
      log.info({ addresses: content.addresses() }, "content store is open");
      const saltFor: WorkerModules["saltFor"] = (purpose) =>
        saltOf(wallet.privateKey, {
          ...purpose,
          chainId: deployment.chainId,
          contract: purpose.role === "trainer" ? deployment.market : deployment.panel,
        });
      return await use({ ...session, content, modules: { chain, contracts, content, journal, log, saltFor } });
    } finally {
      await content.close();
    }
  });
}

/** JSON lines when piped, readable lines on a terminal; keys and salts are never in a context. */
function openLog(options: CommonOptions): Logger {
  const level = options.quiet ? "warn" : (process.env.COMMONWEIGHT_LOG_LEVEL ?? "info");
  if (!process.stdout.isTTY || options.json)
    return pino({ level, base: null }, pino.destination({ dest: 1, sync: true }));
  return pino({ level, base: null, transport: { target: "pino-pretty", options: { ignore: "pid,hostname" } } });
}

function keySource(options: CommonOptions): KeySource {
  if (options.keystore !== undefined && options.passwordFile !== undefined) {
    return { kind: "keystore", path: options.keystore, passwordPath: options.passwordFile };
  }
  if (options.keyFile !== undefined) return { kind: "raw", path: options.keyFile };
  throw new CommonweightError(
    "KEY_MISSING",
    "no key is given",
    "Name a keystore (--keystore FILE --password-file FILE) or, on a local chain, a key file (--key-file FILE).",
  );
}
