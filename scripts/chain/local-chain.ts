import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { execa } from "execa";

import { CommonweightError } from "@commonweight/sdk/errors";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";

export { LOCAL_CHAIN_MNEMONIC };

/** Time between empty blocks; with one second, block time keeps pace with the wall clock. */
export const BLOCK_INTERVAL_MS = 1_000;
/** Guards against a hang; generous, for machines under load. */
const START_TIMEOUT_MS = 90_000;
const HARD_STOP_AFTER_MS = 2_000;

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
  /** Ends the node's process and waits until it has exited. */
  stop(): Promise<void>;
}

/**
 * Starts a chain in a child process on a loopback port. Every transaction is mined at once; an empty block in each
 * interval advances block time. The child exits with its parent.
 *
 * Errors: `LOCAL_CHAIN_FAILED`.
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const program = fileURLToPath(new URL("./local-chain-process.ts", import.meta.url));
  const mnemonic = LOCAL_CHAIN_MNEMONIC;
  const settings = { intervalMs: BLOCK_INTERVAL_MS, chainId: 31_337, accounts: 40, port: 0, mnemonic, ...options };
  const child = execa(process.execPath, ["--disable-warning=ExperimentalWarning", program, JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "inherit"],
    buffer: false,
    forceKillAfterDelay: HARD_STOP_AFTER_MS,
    reject: false,
  });
  const stop = async () => {
    child.kill();
    await child;
  };
  try {
    const url = await firstLine(child.stdout);
    return { url, chainId: BigInt(settings.chainId), pid: child.pid ?? 0, stop };
  } catch (cause) {
    child.kill("SIGKILL");
    throw new CommonweightError(
      "LOCAL_CHAIN_FAILED",
      "the local chain did not start",
      "See its output above: another program may use the port, or a native package is missing (run `npm ci` with Node 22).",
      { cause },
    );
  }
}

async function firstLine(output: Readable): Promise<string> {
  const lines = createInterface(output);
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const line: unknown = (await Promise.race([once(lines, "line", { signal }), once(lines, "close", { signal })]))[0];
  if (typeof line === "string") return line;
  throw new Error("the node exited before it was listening");
}
