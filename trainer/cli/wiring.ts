import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { HDNodeWallet, type ContractRunner, type Wallet } from "ethers";
import { pino, type Logger } from "pino";

import { connectContracts, contractInterfaces, type Contracts } from "@commonweight/sdk/chain/contracts";
import { readDeployment } from "./deployment-file.ts";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { CommonweightError } from "@commonweight/sdk/errors";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { holdoutSecrets, type HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { saltOf } from "@commonweight/sdk/protocol/salts";
import { openEvmChain } from "../chain/evm.ts";
import { openEvmReader } from "../chain/evm-reader.ts";
import { createKeystore, loadKey, type KeySource } from "../chain/keystore.ts";
import type { Chain, ChainReader } from "../chain/port.ts";
import type { ContentStore } from "../content/port.ts";
import type { Engine } from "../engine/port.ts";
import { journalPath } from "../journal/journal-path.ts";
import type { Journal } from "../journal/port.ts";
import { openJournal } from "../journal/sqlite.ts";
import type { WorkerModules } from "../roles/worker/modules.ts";
import type { CommonOptions } from "./options/options.ts";

/** How often the chain is looked at, in milliseconds. */
const POLL_MS = 100;

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
  /** For the account's own jobs. */
  readonly holdoutSecrets: HoldoutSecrets;
}

/** A chain with the market's contracts, for reading: no key, no journal. */
export interface Reader {
  readonly deployment: Deployment;
  readonly chain: ChainReader;
  readonly contracts: Contracts;
  readonly log: Logger;
}

/**
 * Opens a session, runs `use` with it and closes everything, whatever happens. A command's result goes to standard
 * output.
 */
export async function withSession<Result>(
  options: CommonOptions,
  use: (session: Session) => Promise<Result>,
  log: Logger = commandLog(),
): Promise<Result> {
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
      await requireDeployed(chain, deployment, options);
      return await use({ deployment, wallet, chain, contracts, journal, log, folder });
    } finally {
      chain.close();
    }
  } finally {
    journal.close();
  }
}

/**
 * Opens the chain for reading, runs `use` with it and closes it: beside a worker of the same account, or without a key.
 */
export async function withReader<Result>(
  options: CommonOptions,
  use: (reader: Reader) => Promise<Result>,
): Promise<Result> {
  const log = commandLog();
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

/** Opens whatever chain the endpoints are of, runs `use` with it and closes it: the contracts need not be there. */
export async function withAnyChain<Result>(
  options: CommonOptions,
  use: (chain: ChainReader) => Promise<Result>,
): Promise<Result> {
  const chain = await openEvmReader({ rpcUrls: options.rpc, pollMs: POLL_MS, log: commandLog() });
  try {
    return await use(chain);
  } finally {
    chain.close();
  }
}

/** Opens a session with content, runs `use` with it and closes everything, whatever happens. */
export async function withWorker<Result>(
  options: CommonOptions,
  use: (session: WorkerSession) => Promise<Result>,
  log: Logger = workerLog(options),
): Promise<Result> {
  const useSession = (session: Session) =>
    withContentIn(session.folder, options, log, async (content) => {
      const { chain, contracts, journal, wallet, deployment } = session;
      log.info({ addresses: content.addresses() }, "content store is open");
      const saltFor: WorkerModules["saltFor"] = (purpose) =>
        saltOf(wallet.privateKey, {
          ...purpose,
          chainId: deployment.chainId,
          contract: purpose.role === "trainer" ? deployment.rounds : deployment.panel,
        });
      const modules = { chain, contracts, content, journal, log, saltFor };
      return use({ ...session, content, modules, holdoutSecrets: holdoutSecrets(wallet.privateKey) });
    });
  return withSession(options, useSession, log);
}

/**
 * Opens the content store of the account whose key is given, or of nobody in particular, runs `use` with it and closes
 * it.
 *
 * @throws JOURNAL_LOCKED another process uses it
 */
export async function withContent<Result>(
  options: CommonOptions,
  use: (content: ContentStore) => Promise<Result>,
): Promise<Result> {
  const account = await accountOf(options);
  const folder = join(options.dataDir, account?.toLowerCase() ?? "reader");
  return withContentIn(folder, options, commandLog(), use);
}

/** Opens a content store of nobody in particular: beside a worker of the same account, or without a key. */
export async function withReaderContent<Result>(
  options: CommonOptions,
  use: (content: ContentStore) => Promise<Result>,
): Promise<Result> {
  return withContentIn(join(options.dataDir, "reader"), options, commandLog(), use);
}

/** The account whose key is given; `undefined` where none is. */
export async function accountOf(options: CommonOptions): Promise<string | undefined> {
  return hasKey(options) ? (await loadKey(keySource(options))).address : undefined;
}

/** Makes an account: a new key, encrypted in a new file. Gives its address. */
export function createAccount(keystore: string, passwordFile: string): Promise<string> {
  return createKeystore(keystore, passwordFile);
}

/** Sends coins from the account that every local chain endows; gives the receiver's balance in wei. */
export async function sendTestCoins(runner: ContractRunner, to: string, amount: bigint): Promise<bigint> {
  const { provider } = runner;
  if (provider === null || provider === undefined) throw new TypeError("the chain cannot be read");
  const rich = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).connect(provider);
  if ((await provider.getBalance(rich.address)) <= amount) {
    throw new CommonweightError(
      "FAUCET_EMPTY",
      "the test account has fewer coins than that",
      "Ask for fewer, or start the local chain anew.",
    );
  }
  await (await rich.sendTransaction({ to, value: amount })).wait();
  return provider.getBalance(to);
}

/** Opens the engine that scores, for what an initiator wants to know beforehand. */
export async function openScoringEngine(): Promise<Engine> {
  const { openWasmEngine } = await import("../engine/wasm.ts");
  return openWasmEngine("Validators score on the embedded engine.");
}

async function withContentIn<Result>(
  parent: string,
  options: CommonOptions,
  log: Logger,
  use: (content: ContentStore) => Promise<Result>,
): Promise<Result> {
  const folder = join(parent, "content");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // One process at a time, whatever chain it works on.
  const lock = openJournal(join(folder, "lock.sqlite"));
  try {
    // Loaded here: commands that exchange no content start in half the time.
    const { openHelia } = await import("../content/helia.ts");
    const listen = options.listen === undefined ? {} : { listen: options.listen };
    const content = await openHelia({ folder, bootstrap: options.bootstrap, ...listen }, { log });
    try {
      return await use(content);
    } finally {
      await content.close();
    }
  } finally {
    lock.close();
  }
}

/** A local chain that was started anew has none of the contracts that a deployment's file speaks of. */
async function requireDeployed(
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

/** A worker's story on standard output: JSON lines when piped, readable lines on a terminal. No keys, no salts. */
export function workerLog(options: CommonOptions): Logger {
  const level = options.quiet ? "warn" : (process.env.COMMONWEIGHT_LOG_LEVEL ?? "info");
  if (!process.stdout.isTTY || options.json) return jsonLog(level, 1);
  return prettyLog(level, 1);
}

/** What a command has to say beside its result, on standard error: warnings, unless more is asked for. */
function commandLog(): Logger {
  const level = process.env.COMMONWEIGHT_LOG_LEVEL ?? "warn";
  return process.stderr.isTTY ? prettyLog(level, 2) : jsonLog(level, 2);
}

function prettyLog(level: string, destination: number): Logger {
  return pino({
    level,
    base: null,
    transport: { target: "pino-pretty", options: { destination, ignore: "pid,hostname" } },
  });
}

function jsonLog(level: string, dest: number): Logger {
  return pino({ level, base: null }, pino.destination({ dest, sync: true }));
}

function hasKey({ keystore, passwordFile, keyFile }: CommonOptions): boolean {
  return (keystore !== undefined && passwordFile !== undefined) || keyFile !== undefined;
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
