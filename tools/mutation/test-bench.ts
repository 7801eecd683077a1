import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { GAS_TESTS } from "../gas/gas-tests.ts";
import { liftChainLimits } from "../gas/lift-chain-limits.ts";
import { NODE_FLAGS } from "../programs/node-flags.ts";
import { copyProject } from "../build/project-copy.ts";
import { ROOT } from "../programs/run-tool.ts";
import { workerAnswer, type TestName, type WorkerAnswer } from "./worker-message.ts";

/** Mocha suites that run the contracts. */
const MOCHA = ["test/contracts/**/*.test.ts", "test/sdk/vectors/*.test.ts"];
/** Fixed vectors for all mutants, enough to find a fault within seconds. */
const ENVIRONMENT = { CW_SEED: "1", CW_VECTORS: "6000" };
/** A test may wait for ever for a mutant. */
const TIMEOUT_MS = 20 * 60_000;
/** A worker that uses more memory is restarted: chains that tests leave open are not freed. */
const MEMORY_MB = 3_000;

/** Result of a test run; `broken` if the process died or timed out. */
export type BenchResult =
  | Exclude<WorkerAnswer, { kind: "ready" }>
  | { readonly kind: "broken"; readonly timeout: boolean; readonly output: string };

/**
 * A copy of the project with modifiable artifacts, and a worker process with its tests loaded.
 *
 * Uses Node's `spawn`, because execa's timeout applies to a whole process, not to one answer.
 */
export class TestBench {
  readonly folder: string;
  readonly #watch: boolean;
  #tests: readonly TestName[] = [];
  #worker: ChildProcess | undefined;
  #output = "";

  private constructor(folder: string, watch: boolean) {
    this.folder = folder;
    this.#watch = watch;
  }

  /** Opens a bench. @param watch whether to record which mutants' sites the tests reach */
  static async open(watch: boolean): Promise<TestBench> {
    const bench = new TestBench(await prepareFolder(), watch);
    process.once("exit", () => bench.close());
    await bench.#start();
    return bench;
  }

  /** All tests in order. */
  get tests(): readonly TestName[] {
    return this.#tests;
  }

  /** Runs the tests with these full titles against the present artifacts, up to the first failure. */
  async run(titles: readonly string[]): Promise<BenchResult> {
    if (this.#worker === undefined) await this.#start();
    const worker = this.#worker!;
    const answer = this.#answer(worker);
    worker.send({ titles });
    const result = await answer;
    if (result.kind === "ready") throw new Error("a test worker answered out of turn");
    if (result.kind === "broken" || result.memory > MEMORY_MB) this.#stop();
    return result;
  }

  close(): void {
    this.#stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const files = globSync(MOCHA, { cwd: this.folder, exclude: GAS_TESTS }).toSorted();
    const worker = spawn(process.execPath, [...NODE_FLAGS, "tools/mutation/test-worker.ts", ...files], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...ENVIRONMENT, NODE_ENV: "test", ...(this.#watch && { CW_WATCH: "1" }) },
    });
    this.#output = "";
    const keep = (chunk: Buffer) => (this.#output = (this.#output + chunk.toString("utf8")).slice(-4000));
    worker.stdout?.on("data", keep);
    worker.stderr?.on("data", keep);
    this.#worker = worker;
    const ready = await this.#answer(worker);
    if (ready.kind !== "ready") throw new Error(`the tests could not be loaded: ${this.#output}`);
    this.#tests = ready.tests;
  }

  #stop(): void {
    this.#worker?.kill("SIGKILL");
    this.#worker = undefined;
  }

  #answer(worker: ChildProcess): Promise<WorkerAnswer | Extract<BenchResult, { kind: "broken" }>> {
    return new Promise((resolve) => {
      const end = (answer: Awaited<ReturnType<TestBench["run"]>> | WorkerAnswer) => {
        clearTimeout(timer);
        worker.removeAllListeners();
        resolve(answer);
      };
      const broken = (timeout: boolean) => end({ kind: "broken", timeout, output: this.#output });
      const timer = setTimeout(() => broken(true), TIMEOUT_MS);
      worker.once("message", (message) => end(workerAnswer.parse(message)));
      worker.once("error", () => broken(false));
      worker.once("close", () => broken(false));
    });
  }
}

/** Copies project and artifacts, and lifts the chain limits, because a build of all mutants is large. */
async function prepareFolder(): Promise<string> {
  const folder = await copyProject("mutation");
  cpSync(join(ROOT, "artifacts"), join(folder, "artifacts"), { recursive: true });
  // The build info describes other bytecode and takes each process seconds to read.
  rmSync(join(folder, "artifacts/build-info"), { recursive: true, force: true });
  liftChainLimits(folder);
  for (const file of globSync("test/**/*.ts", { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    // Without test timeouts: an endless loop ends by running out of gas or by the worker's timeout.
    const patient = text.replace(/this\.timeout\([\d_]+\)/g, "this.timeout(0)");
    if (patient !== text) writeFileSync(path, patient);
  }
  return folder;
}
