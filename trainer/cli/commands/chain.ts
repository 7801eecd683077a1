import { join, relative, resolve } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { secondsOf } from "@commonweight/sdk/job-file/duration";
import type { LocalChain } from "../../local-chain/local-chain.ts";
import { writeLocalKeys, type LocalKey } from "../../local-chain/local-keys.ts";
import { startMarketChain } from "../../local-chain/market-chain.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { writeDeployment } from "../wiring/deployment-file.ts";

/** Accounts with a key file; enough for an initiator, three trainers and seven validators. */
const KEYS = 12;
const DEFAULT_PORT = 8_545;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The longest delay of a Node timer is below 25 days. */
const MOST_SECONDS = 24 * 86_400;

const options = z.object({
  port: z
    .string()
    .regex(/^\d{1,5}$/, "expected a port, 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "expected a port, 0 to 65535"),
  for: z
    .string()
    .transform((text) => secondsOf(text) ?? 0)
    .refine((seconds) => seconds >= 1 && seconds <= MOST_SECONDS, "expected a duration from 1s to 24d, such as 10m")
    .optional(),
});

/** What the command prints once the chain is ready. */
interface ReadyChain {
  readonly url: string;
  readonly chainId: number;
  /** File for `--deployment`. */
  readonly deployment: string;
  /** How long stake thaws. */
  readonly thawSeconds: number;
  readonly keys: readonly LocalKey[];
}

/** `commonweight chain`: a local chain with the contracts, for trying everything on one machine. */
export function addChain(program: Command): void {
  program
    .command("chain")
    .option("--port <port>", "port on the loopback address; 0: any free port", String(DEFAULT_PORT))
    .option("--for <duration>", "stop after this time, such as 10m; default: when interrupted")
    .description("start a local chain with the contracts, funded keys and a short thaw, to try everything alone")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { port, for: seconds } = parseOptions(options, command.opts());
      const interrupted = interruption();
      const { chain, deployment } = await startMarketChain({ port });
      try {
        const folder = resolve(common.dataDir);
        const file = join(folder, "local-chain/deployment.json");
        await writeDeployment(file, deployment, true);
        const keys = await writeLocalKeys(join(folder, "local-keys"), KEYS);
        const { url, chainId } = chain;
        const { thawPeriod: thawSeconds } = deployment;
        const ready = { url, chainId: Number(chainId), deployment: file, thawSeconds, keys };
        printResult(common, ready, () => linesOf(ready));
        await untilStopped(chain, interrupted, seconds);
      } finally {
        await chain.stop();
      }
    });
}

/** Resolves at the first signal. A later one does nothing, because the chain is being stopped. */
function interruption(): Promise<void> {
  return new Promise((done) => {
    for (const signal of SIGNALS) process.on(signal, () => done());
  });
}

/** @throws LOCAL_CHAIN_ENDED if the chain's process ends by itself */
async function untilStopped(chain: LocalChain, interrupted: Promise<void>, seconds: number | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((done) => {
    if (seconds !== undefined) timer = setTimeout(done, seconds * 1_000);
  });
  const crashed = chain.ended.then(() => "crashed" as const);
  const end = await Promise.race([interrupted, over, crashed]);
  clearTimeout(timer);
  if (end !== "crashed") return;
  throw new CommonweightError(
    "LOCAL_CHAIN_ENDED",
    "the local chain's process ended by itself",
    "See its output above, then run the command again: a new chain starts without jobs.",
  );
}

function linesOf({ url, chainId, deployment, thawSeconds, keys }: ReadyChain): readonly string[] {
  const key = keys[0]?.keyFile ?? "";
  return [
    `chain ${chainId} at ${url}: a block every second, stake thaws in ${thawSeconds} s`,
    `contracts in ${shown(deployment)}`,
    `keys of ${keys.length} funded accounts in ${shown(join(key, "../account-N"))}, N from 0 to ${keys.length - 1}`,
    "in another terminal:",
    ...(url.endsWith(`:${DEFAULT_PORT}`) ? [] : [`  export COMMONWEIGHT_RPC=${url}`]),
    `  export COMMONWEIGHT_DEPLOYMENT=${shown(deployment)}`,
    `  export COMMONWEIGHT_KEY_FILE=${shown(key)}`,
    "interrupt to stop",
  ];
}

/** A path relative to the working directory if it is below it. */
function shown(path: string): string {
  const short = relative("", path);
  return short.startsWith("..") ? path : short;
}
