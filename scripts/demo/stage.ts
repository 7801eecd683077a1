import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { execa } from "execa";
import { HDNodeWallet, JsonRpcProvider, Mnemonic } from "ethers";

import { connectContracts, type Contracts } from "@commonweight/sdk/chain/contracts";
import { serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import { bytecodeOf } from "../../trainer/local-chain/artifacts.ts";
import { LOCAL_CHAIN_MNEMONIC, startLocalChain, type LocalChain } from "../../trainer/local-chain/local-chain.ts";
import type { Actor } from "./cast.ts";

/** Thaw period of the demo's stake, in seconds; short, because the demo waits for it. */
const THAW_SECONDS = 1;
/** Time between SIGTERM and SIGKILL when a process is stopped. */
const GRACE_MS = 5_000;

/** A line that a worker logged. */
export interface WorkerLine {
  readonly actor: Actor;
  readonly level: number;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** An actor's process; resolves when it has ended, with any status. */
export type ActorProcess = ReturnType<typeof startProcess>;

/** How a process ended: by itself or by a signal. */
export interface ProcessEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/** A local chain with the contracts, and the processes of the cast. */
export interface Stage {
  readonly chain: LocalChain;
  readonly provider: JsonRpcProvider;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  /** Temporary folder with keys, journals and content; deleted when the stage closes. */
  readonly folder: string;
  walletOf(actor: Actor): HDNodeWallet;
  /** Command-line options to run the program as this actor. */
  optionsOf(actor: Actor): readonly string[];
  /** Starts a program as this actor. */
  start(actor: Actor, program: string, args: readonly string[]): ActorProcess;
  /** Kills this actor's process with SIGKILL. */
  kill(actor: Actor): void;
  /** Resolves when all processes of these actors have ended. */
  ended(actors: readonly Actor[]): Promise<void>;
  close(): Promise<void>;
}

/** Starts the chain and deploys the contracts. */
export async function openStage(
  cast: readonly Actor[],
  onLine: (line: WorkerLine) => void,
  onEnd: (actor: Actor, end: ProcessEnd) => void,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "commonweight-demo-"));
  const chain = await startLocalChain({ accounts: cast.length + 1 });
  const provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 });
  const walletAt = (account: number) =>
    HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), `m/44'/60'/0'/0/${account}`).connect(provider);
  // The deployer is no actor; it has no special rights.
  const deployment = await deployMarket(walletAt(cast.length), { bytecodeOf, thawPeriod: THAW_SECONDS });
  const deploymentFile = join(folder, "deployment.json");
  await writeFile(deploymentFile, serialiseDeployment(deployment));
  await mkdir(join(folder, "keys"), { mode: 0o700 });
  for (const actor of cast) {
    await writeFile(keyFile(folder, actor), walletAt(actor.account).privateKey, { mode: 0o600 });
  }

  const running = new Map<ActorProcess, Actor>();
  const optionsOf = (actor: Actor) => [
    ...["--rpc", chain.url, "--deployment", deploymentFile],
    ...["--key-file", keyFile(folder, actor), "--data-dir", join(folder, "data")],
  ];
  return {
    chain,
    provider,
    deployment,
    contracts: connectContracts(deployment, provider),
    folder,
    walletOf: (actor) => walletAt(actor.account),
    optionsOf,
    start(actor, program, args) {
      const child = startProcess(program, [...args, ...optionsOf(actor)]);
      running.set(child, actor);
      readLines(child, actor, onLine);
      void child.then(({ exitCode, signal }) => {
        running.delete(child);
        onEnd(actor, { exitCode, signal });
      });
      return child;
    },
    kill(actor) {
      for (const [child, who] of running) if (who === actor) child.kill("SIGKILL");
    },
    async ended(actors) {
      const children = [...running].filter(([, actor]) => actors.includes(actor)).map(([child]) => child);
      await Promise.all(children);
    },
    async close() {
      const children = [...running.keys()];
      for (const child of children) child.kill();
      await Promise.all(children);
      provider.destroy();
      await chain.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function keyFile(folder: string, actor: Actor): string {
  return join(folder, "keys", actor.name);
}

/** Starts a program of this project; its output is piped to the caller. */
function startProcess(program: string, args: readonly string[]) {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  return execa(process.execPath, ["--disable-warning=ExperimentalWarning", path, ...args], {
    stdin: "ignore",
    buffer: false,
    forceKillAfterDelay: GRACE_MS,
    reject: false,
  });
}

function readLines({ stdout, stderr }: ActorProcess, actor: Actor, onLine: (line: WorkerLine) => void): void {
  createInterface(stdout).on("line", (text) => onLine(parseLine(actor, text)));
  createInterface(stderr).on("line", (message) => onLine({ actor, level: 50, message, context: {} }));
}

function parseLine(actor: Actor, text: string): WorkerLine {
  if (!text.startsWith("{")) return { actor, level: 30, message: text, context: {} };
  const { msg, level, ...context } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return { actor, level: Number(level ?? 30), message: String(msg ?? ""), context };
}
