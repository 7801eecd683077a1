import { spawn } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { NODE_FLAGS } from "../node-flags.ts";
import { copyProject } from "../project-copy.ts";
import { ROOT } from "../run-tool.ts";
import { workerMessage, type WorkerMessage } from "./worker-message.ts";

/** Mocha suites that run the contracts. */
const MOCHA = ["test/contracts/**/*.test.ts", "test/sdk/vectors/*.test.ts"];
/** The same vectors for each mutant, and as many as find a fault within seconds. */
const ENVIRONMENT = { CW_SEED: "1", CW_VECTORS: "20000" };
/** A build of many mutants is larger than contracts may be, and takes more gas to deploy than a block has. */
const UNLIMITED = "allowUnlimitedContractSize: true, blockGasLimit: 2 ** 29, transactionGasCap: false";
/** A mutant may loop for ever. */
const TIMEOUT_MS = 10 * 60_000;

/** What a worker came to; `broken` where it did not tell. */
export type BenchResult =
  WorkerMessage | { readonly failed: "broken"; readonly timeout: boolean; readonly output: string };

/** A copy of the project whose artifacts may be changed and tested. */
export interface TestBench {
  readonly folder: string;
  runMocha(files: readonly string[]): Promise<BenchResult>;
  runSolidity(): Promise<BenchResult>;
  close(): void;
}

/** Gives the mocha files that run the contracts. */
export function mochaFiles(): readonly string[] {
  return globSync(MOCHA, { cwd: ROOT }).toSorted();
}

/** Makes a bench, with chains that take contracts as large as a build of all mutants. */
export async function openBench(): Promise<TestBench> {
  const folder = await copyProject("mutation");
  cpSync(join(ROOT, "artifacts"), join(folder, "artifacts"), { recursive: true });
  for (const file of globSync(["hardhat.config.ts", "test/**/*.ts"], { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const unlimited = text.replaceAll('type: "edr-simulated",', `type: "edr-simulated", ${UNLIMITED},`);
    if (unlimited !== text) writeFileSync(path, unlimited);
  }
  const start = (worker: string, given: readonly string[]) => runWorker(folder, worker, given);
  return {
    folder,
    runMocha: (files) => start("scripts/mutation/mocha-worker.ts", files),
    runSolidity: () => start("scripts/mutation/solidity-worker.ts", []),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function runWorker(folder: string, worker: string, given: readonly string[]): Promise<BenchResult> {
  const child = spawn(process.execPath, [...NODE_FLAGS, worker, ...given], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...ENVIRONMENT, NODE_ENV: "test" },
  });
  let output = "";
  const keep = (chunk: Buffer) => (output = (output + chunk.toString("utf8")).slice(-4000));
  child.stdout!.on("data", keep);
  child.stderr!.on("data", keep);
  let message: unknown;
  child.on("message", (value) => (message ??= value));
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  let timeout = false;
  const timer = setTimeout(() => {
    timeout = true;
    end();
  }, TIMEOUT_MS);
  try {
    await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  } finally {
    clearTimeout(timer);
    process.off("exit", end);
  }
  const parsed = workerMessage.safeParse(message);
  return parsed.success ? parsed.data : { failed: "broken", timeout, output };
}
