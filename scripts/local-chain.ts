import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { execa } from "execa";

import { CommonweightError } from "@commonweight/sdk/errors";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";

export { LOCAL_CHAIN_MNEMONIC };

const START_TIMEOUT_MS = 30_000;
const HARD_STOP_AFTER_MS = 2_000;

export interface LocalChainOptions {
  /** Time between blocks without transactions; below 1,000 the chain's time runs ahead of the wall clock. */
  readonly intervalMs?: number;
  readonly chainId?: number;
  /** How many accounts of the mnemonic hold coins. */
  readonly accounts?: number;
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
 * Starts a chain in a child process on a free loopback port. Every transaction is mined at once, and an empty block comes
 * each interval, so that time moves. The child ends with its parent, whose pipe it watches.
 *
 * Errors: `LOCAL_CHAIN_FAILED`.
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const program = fileURLToPath(new URL("./local-chain-process.ts", import.meta.url));
  const settings = { intervalMs: 1_000, chainId: 31_337, accounts: 40, mnemonic: LOCAL_CHAIN_MNEMONIC, ...options };
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
      "Read its message above; installing the packages again under Node 22 mends a missing native part.",
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
