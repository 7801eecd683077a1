import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { execa } from "execa";

import { CommonweightError } from "@commonweight/sdk/errors";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";

export { LOCAL_CHAIN_MNEMONIC };

/** Time between empty blocks: the chain's time then keeps pace with the wall clock. */
export const BLOCK_INTERVAL_MS = 1_000;
/** A guard against hanging: a loaded machine takes longer than a quiet one. */
const START_TIMEOUT_MS = 90_000;
const HARD_STOP_AFTER_MS = 2_000;

export interface LocalChainOptions {
  /** Time between blocks without transactions; below 1,000 the chain's time runs ahead of the wall clock. */
  readonly intervalMs?: number;
  readonly chainId?: number;
  /** How many accounts of the mnemonic hold coins. */
  readonly accounts?: number;
  /** Port of the loopback address; any free one unless given. */
  readonly port?: number;
}

export interface LocalChain {
  readonly url: string;
  readonly chainId: bigint;
  /** The process id of the node. */
  readonly pid: number;
  /** Ends the node's process and waits for that. */
  stop(): Promise<void>;
}

/**
 * Starts a chain in a child process on a loopback port. Every transaction is mined at once, and an empty block comes
 * each interval, so that time moves. The child ends with its parent, whose pipe it watches.
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
      "Read its message above: another program may use the port, or a native package is missing (`npm ci` under Node 22).",
      { cause },
    );
  }
}

async function firstLine(output: Readable): Promise<string> {
  const lines = createInterface(output);
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const line: unknown = (await Promise.race([once(lines, "line", { signal }), once(lines, "close", { signal })]))[0];
  if (typeof line === "string") return line;
  throw new Error("the node ended before it listened");
}
