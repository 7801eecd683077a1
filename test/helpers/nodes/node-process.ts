import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";
import { JsonRpcProvider, Network } from "ethers";

import type { LocalChain } from "../../../trainer/local-chain/local-chain.ts";

/** A guard against a hang; generous, for machines under load. */
const START_TIMEOUT_MS = 60_000;
const HARD_STOP_AFTER_MS = 5_000;

/** A node's program, and how it is started. */
export interface NodeProgram {
  readonly path: string;
  readonly chainId: bigint;
  /** The program's arguments to listen on a loopback port. */
  argumentsFor(port: number): readonly string[];
}

/** Starts a node on a free loopback port, and resolves when it answers. Its warnings go to standard error. */
export async function startNodeProcess({ path, chainId, argumentsFor }: NodeProgram): Promise<LocalChain> {
  const port = await freePort();
  const child = execa(path, argumentsFor(port), {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
    forceKillAfterDelay: HARD_STOP_AFTER_MS,
    reject: false,
  });
  let isRunning = true;
  const ended = child.then(() => {
    isRunning = false;
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  for (const start = Date.now(); !(await answers(url, chainId));) {
    if (!isRunning) throw new Error(`${path} ended before it answered`);
    if (Date.now() - start > START_TIMEOUT_MS) {
      await stop();
      throw new Error(`${path} did not answer within ${START_TIMEOUT_MS / 1_000} s`);
    }
    await sleep(50);
  }
  return { url, chainId, pid: child.pid ?? 0, ended, stop };
}

/** A provider that asks for each figure anew, without a cache. */
export function providerOf({ url, chainId }: Pick<LocalChain, "url" | "chainId">): JsonRpcProvider {
  const network = Network.from(chainId);
  return new JsonRpcProvider(url, network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1 });
}

async function answers(url: string, chainId: bigint): Promise<boolean> {
  const provider = providerOf({ url, chainId });
  try {
    await provider.getBlockNumber();
    return true;
  } catch {
    return false; // It is asked again.
  } finally {
    provider.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
