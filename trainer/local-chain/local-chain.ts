import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { CommonweightError } from "@commonweight/sdk/errors";
import { LOCAL_CHAIN_ID, LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { localChainReport } from "./local-chain-report.ts";

export { LOCAL_CHAIN_MNEMONIC };

/** Time between empty blocks; with one second, block time keeps pace with the wall clock. */
export const BLOCK_INTERVAL_MS = 1_000;
/** Guards against a hang; generous, for machines under load. */
const START_TIMEOUT_MS = 90_000;
const HARD_STOP_AFTER_MS = 2_000;
/** This file's extension: sources run as TypeScript, the published package as JavaScript. */
const PROGRAM = fileURLToPath(new URL(`./local-chain-process${extname(import.meta.url)}`, import.meta.url));

export interface LocalChainOptions {
  /** Time between blocks without transactions; below 1,000, block time runs ahead of the wall clock. */
  readonly intervalMs?: number;
  readonly chainId?: number;
  /** Number of the mnemonic's accounts with coins. */
  readonly accounts?: number;
  /** Port on the loopback address; default any free port. */
  readonly port?: number;
}

export interface LocalChain {
  readonly url: string;
  readonly chainId: bigint;
  /** The process id of the node. */
  readonly pid: number;
  /** Resolves when the node's process has exited, by `stop` or by itself. */
  readonly ended: Promise<void>;
  /** Ends the node's process and waits until it has exited. */
  stop(): Promise<void>;
}

/**
 * Starts a chain in a child process on a loopback port. Every transaction is mined at once; an empty block in each
 * interval advances block time. The child exits with its parent.
 *
 * Errors: `LOCAL_CHAIN_NO_HARDHAT` · `LOCAL_CHAIN_PORT_IN_USE` · `LOCAL_CHAIN_PORT_REFUSED` · `LOCAL_CHAIN_FAILED`.
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const defaults = { intervalMs: BLOCK_INTERVAL_MS, chainId: Number(LOCAL_CHAIN_ID), accounts: 40, port: 0 };
  const settings = { ...defaults, mnemonic: LOCAL_CHAIN_MNEMONIC, ...options };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM, JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = endOf(child);
  const stop = async () => {
    child.kill();
    const hardStop = setTimeout(() => child.kill("SIGKILL"), HARD_STOP_AFTER_MS);
    await ended;
    clearTimeout(hardStop);
  };
  try {
    const url = await urlOf(child.stdout, settings.port);
    return { url, chainId: BigInt(settings.chainId), pid: child.pid ?? 0, ended, stop };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

/** Resolves when a process has exited, or could not be started. */
function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

async function urlOf(output: Readable, port: number): Promise<string> {
  const report = localChainReport.parse(JSON.parse(await firstLine(output)));
  if (report.kind === "listening") return report.url;
  throw failure(report.code, report.message, port);
}

async function firstLine(output: Readable): Promise<string> {
  const lines = createInterface(output);
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  try {
    const events = [once(lines, "line", { signal }), once(lines, "close", { signal })];
    const line: unknown = (await Promise.race(events))[0];
    if (typeof line === "string") return line;
  } catch (cause) {
    throw failed("it was not listening in time", cause);
  }
  throw failed("it exited before it was listening");
}

function failure(code: string, message: string, port: number): CommonweightError {
  if (code === "ERR_MODULE_NOT_FOUND" && message.includes("'hardhat'")) return noHardhat();
  switch (code) {
    case "EADDRINUSE":
      return new CommonweightError(
        "LOCAL_CHAIN_PORT_IN_USE",
        `port ${port} is in use on the loopback address, perhaps by another local chain`,
        "Use that chain, or stop it, or pass another --port (0: any free port).",
      );
    case "EACCES":
      return new CommonweightError(
        "LOCAL_CHAIN_PORT_REFUSED",
        `this user may not listen on port ${port}`,
        "Pass a --port from 1024 to 65535, or 0 for any free port.",
      );
    default:
      return failed(message);
  }
}

function noHardhat(): CommonweightError {
  return new CommonweightError(
    "LOCAL_CHAIN_NO_HARDHAT",
    "the local chain runs on Hardhat, which is not installed",
    "Install it beside this package with `npm install hardhat@3`, then run the command again.",
  );
}

function failed(reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "LOCAL_CHAIN_FAILED",
    `the local chain did not start: ${reason}`,
    "See its output above; if a native package is missing, install again with Node 22 (`npm ci`).",
    { cause },
  );
}
