import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { HDNodeWallet, JsonRpcProvider, Mnemonic } from "ethers";

import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import { bytecodeOf } from "../../trainer/local-chain/artifacts.ts";
import { LOCAL_CHAIN_MNEMONIC, type LocalChain } from "../../trainer/local-chain/local-chain.ts";
import { connectContracts, type Contracts } from "@commonweight/sdk/chain/contracts";
import { serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";
import { startHardhatNode } from "./hardhat-node.ts";

const PROGRAM = fileURLToPath(new URL("../../trainer/bin/commonweight.mjs", import.meta.url));
const DIGITS = fileURLToPath(new URL("../../experiments/data/digits", import.meta.url));

/** Exit status and output of a run. */
export interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program that runs. */
export interface Started {
  readonly child: ChildProcess;
  /** The line that was waited for. */
  readonly line: Record<string, unknown>;
  /** What it has printed so far; grows while it runs. A line of plain text is its `msg`. */
  readonly lines: readonly Record<string, unknown>[];
}

/** Runs the program in child processes, on a local chain with the contracts. */
export interface CommandLine {
  readonly folder: string;
  readonly chain: LocalChain;
  readonly provider: JsonRpcProvider;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  wallet(account: number): HDNodeWallet;
  /** Command-line options to run the program as an account of the test mnemonic. */
  as(account: number): readonly string[];
  /** Runs the program and waits for its end. */
  run(...args: readonly string[]): Promise<Run>;
  /** Runs the program with `--json` and returns its output; throws unless the exit status is 0. */
  json(...args: readonly string[]): Promise<Record<string, unknown>>;
  /** Starts the program, and waits for its first log line with this message, or its first line of text like it. */
  start(args: readonly string[], message: string | RegExp): Promise<Started>;
  /** Writes a file into the folder and returns its path. */
  file(name: string, text: string, mode?: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a chain, deploys the contracts and writes key files for the first `accounts` accounts.
 *
 * @param startNode starts a chain that funds the accounts of the test mnemonic; default Hardhat's node
 */
export async function openCommandLine(
  accounts = 8,
  startNode: () => Promise<LocalChain> = startHardhatNode,
): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), "commonweight-cli-"));
  const chain = await startNode();
  const provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 });
  const wallet = (account: number) =>
    HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), `m/44'/60'/0'/0/${account}`).connect(provider);
  const deployment = await deployMarket(wallet(39), { bytecodeOf, thawPeriod: 1 });
  const file = async (name: string, text: string, mode = 0o600) => {
    await writeFile(join(folder, name), text, { mode });
    return join(folder, name);
  };
  await file("deployment.json", serialiseDeployment(deployment));
  for (let account = 0; account < accounts; account++) await file(`key-${account}`, wallet(account).privateKey);

  const children = new Set<ChildProcess>();
  const open = (args: readonly string[]) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: {
        ...process.env,
        COMMONWEIGHT_RPC: chain.url,
        COMMONWEIGHT_DEPLOYMENT: join(folder, "deployment.json"),
        COMMONWEIGHT_DATA_DIR: join(folder, "data"),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  const run = async (...args: readonly string[]): Promise<Run> => {
    const child = open(args);
    const [out, err, [status]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, "exit")]);
    return { status: status as number | null, out, err };
  };
  return {
    folder,
    chain,
    provider,
    deployment,
    contracts: connectContracts(deployment, provider),
    wallet,
    as: (account) => ["--key-file", join(folder, `key-${account}`)],
    run,
    async json(...args) {
      const { status, out, err } = await run(...args, "--json");
      if (status !== 0) throw new Error(`commonweight ${args.join(" ")} ended with ${status}: ${err}`);
      return JSON.parse(out) as Record<string, unknown>;
    },
    async start(args, message) {
      const child = open(args);
      const err = textOf(child.stderr);
      const lines: Record<string, unknown>[] = [];
      const found = new Promise<Record<string, unknown> | undefined>((resolve) => {
        const output = createInterface(child.stdout);
        output.once("close", () => resolve(undefined));
        output.on("line", (text) => {
          const line = (text.startsWith("{") ? JSON.parse(text) : { msg: text }) as Record<string, unknown>;
          lines.push(line);
          if (typeof message === "string" ? line.msg === message : message.test(String(line.msg))) resolve(line);
        });
      });
      const line = await found;
      if (line !== undefined) return { child, line, lines };
      throw new Error(`commonweight ${args.join(" ")} never logged "${String(message)}": ${await err}`);
    },
    file,
    async close() {
      const ended = [...children].map((child) => once(child, "exit"));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(ended);
      provider.destroy();
      await chain.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A small job on the digits: a linear model, and one part for each of three trainers. */
export function smallJob(changes = ""): string {
  return [
    "name: Test",
    "model: linear",
    `data: {folder: ${DIGITS}, partition: {kind: iid, parts: 3}}`,
    "training: {epochs: 4}",
    "money: {reward: 3, bond: 0.1, seatLock: 0.5}",
    "rounds: 1",
    "times: {minTraining: 0s, serving: 0s}",
    "minTrainers: 3",
    "committee: {size: 3, minValidators: 3}",
    changes,
  ].join("\n");
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
