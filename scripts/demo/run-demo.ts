import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { makeFolder } from "../../trainer/make-folder.ts";
import { loadDataSetFolder } from "../../trainer/data/folders/data-set-folder.ts";
import type { PresetName } from "@commonweight/sdk/spec/presets";
import { castOf, type Actor, type Behaviour } from "./cast.ts";
import { linePlotSvg } from "../plot/line-plot.ts";
import { curvePlot, type CurvePoint } from "./curve.ts";
import { demoJobFile, modelFor, SEAT_LOCK } from "./job-file.ts";
import { followJob, type Narrator } from "./live.ts";
import type { DemoOptions } from "./options.ts";
import { readChainReport, type Report } from "./report.ts";
import { openStage, type ProcessEnd, type Stage, type WorkerLine } from "./stage.ts";
import { Stopwatch } from "./stopwatch.ts";

const PROGRAM = "trainer/bin/commonweight.mjs";
/** The program for each behaviour. */
const PROGRAMS: Readonly<Record<Behaviour, string>> = {
  honest: PROGRAM,
  noise: "experiments/adversaries/noise-trainer.ts",
  replay: "experiments/adversaries/replay-trainer.ts",
  liar: "experiments/adversaries/lying-validator.ts",
};

/** Hooks for tests that interfere with a run, for example by killing a worker. */
export interface DemoHooks {
  onView?(view: JobView, production: Production): void;
}

/** A running demo. */
export interface Production {
  readonly stage: Stage;
  readonly cast: readonly Actor[];
  /** Kills a worker's process with SIGKILL. */
  kill(name: string): void;
  /** Restarts a worker with its earlier data folder. */
  restart(name: string): void;
}

/** Runs the demo from the first block to the last withdrawal; writes the results and returns the report. */
export async function runDemo(
  options: DemoOptions,
  narrator: Narrator,
  signal: AbortSignal,
  hooks: DemoHooks = {},
): Promise<Report> {
  const start = performance.now();
  const run = new Run(options, narrator);
  try {
    const { jobId, engine, model } = await run.perform(hooks, signal);
    await run.withdrawAll(signal);
    await run.fetchModel(jobId);
    const { stage, cast } = run;
    const { contracts, deployment } = stage;
    const addressOf = (actor: Actor) => stage.walletOf(actor).address;
    const chain = await readChainReport({ contracts, deployment, jobId, cast, addressOf });
    const report: Report = {
      job: { id: jobId.toString(), ...jobFacts(options, model, chain.params.rounds) },
      engine,
      content: "helia",
      chain: "hardhat",
      wallSeconds: round((performance.now() - start) / 1000),
      installSeconds: Number(process.env.COMMONWEIGHT_INSTALL_SECONDS ?? 0),
      overheadShare: round(run.stopwatch.overheadShare()),
      rounds: chain.rounds,
      accounts: chain.accounts,
      money: chain.money,
    };
    await writeResults(options, report, chain.initialScore);
    return report;
  } finally {
    await run.close();
  }
}

/** The posted job, and the engine and model that were used. */
interface Outcome {
  readonly jobId: bigint;
  readonly engine: string;
  readonly model: PresetName;
}

/** One run: the local chain, the actors' processes and their log lines. */
class Run {
  readonly cast: readonly Actor[];
  readonly stopwatch = new Stopwatch();
  readonly #options: DemoOptions;
  readonly #narrator: Narrator;
  readonly #listeners = new Set<(line: WorkerLine) => void>();
  readonly #failed = new AbortController();
  readonly #expectedEnds = new Set<string>();
  #stage: Stage | undefined;
  #workerArguments: readonly string[] = [];
  #engine = "wasm";
  #model: PresetName = "2nn";

  constructor(options: DemoOptions, narrator: Narrator) {
    this.#options = options;
    this.#narrator = narrator;
    this.cast = castOf(options);
  }

  get stage(): Stage {
    if (this.#stage === undefined) throw new Error("the stage is not open");
    return this.#stage;
  }

  /** Posts the job and follows it to its end. */
  async perform(hooks: DemoHooks, signal: AbortSignal): Promise<Outcome> {
    this.#narrator.say("starting a local chain and deploying the contracts");
    this.#stage = await openStage(
      this.cast,
      (line) => this.#hear(line),
      (actor, end) => this.#onEnd(actor, end),
    );
    const either = AbortSignal.any([signal, this.#failed.signal]);
    try {
      const { jobId, bootstrap } = await this.#post(either);
      this.#workerArguments = ["--job", jobId.toString(), ...bootstrap.flatMap((address) => ["--bootstrap", address])];
      await this.#enter(either);
      const production = this.#production();
      const onView = (view: JobView) => {
        if (view.roundNumber > 0) this.stopwatch.start();
        hooks.onView?.(view, production);
      };
      const nameOf = (address: string) =>
        this.cast.find((actor) => this.stage.walletOf(actor).address === address)?.name ?? address;
      await followJob(this.stage, jobId, { narrator: this.#narrator, nameOf, onView }, either);
      this.stopwatch.end();
      await this.stage.ended(this.cast.filter(({ role }) => role !== "initiator"));
      return { jobId, engine: this.#engine, model: this.#model };
    } catch (error) {
      throw this.#failed.signal.aborted ? this.#failed.signal.reason : error;
    }
  }

  /** Every actor withdraws everything that it can claim. */
  async withdrawAll(signal: AbortSignal): Promise<void> {
    this.#narrator.say("the job is over: everyone withdraws");
    const initiator = this.#actor("initiator");
    await this.#stopInitiator(initiator);
    const leave = async (actor: Actor) => {
      if (actor.role === "validator") await this.#command(actor, ["thaw", "all"], signal);
      await this.#command(actor, ["withdraw"], signal);
    };
    await Promise.all(this.cast.map(leave));
  }

  /** Fetches the final model as any user would. */
  async fetchModel(jobId: bigint): Promise<void> {
    const { signal } = this.#failed;
    const initiator = this.#actor("initiator");
    const out = join(this.#options.out, "model");
    await this.#command(initiator, ["model", "fetch", jobId.toString(), "--out", out], signal);
  }

  async close(): Promise<void> {
    await this.#stage?.close();
  }

  /** Starts the initiator's process, which posts the job and then serves its files. */
  async #post(signal: AbortSignal): Promise<{ jobId: bigint; bootstrap: readonly string[] }> {
    const initiator = this.#actor("initiator");
    const file = join(this.stage.folder, "job.yaml");
    this.#model = this.#options.model ?? modelFor((await loadDataSetFolder(this.#options.dataset)).inputShape);
    await writeFile(file, demoJobFile(this.#options, this.#model, this.cast));
    this.#narrator.say("the initiator packs the data, publishes it on IPFS, and posts a funded job");
    const posted = this.#line((line) => line.actor === initiator && line.message === "job posted", signal);
    void this.stage.start(initiator, PROGRAM, ["job", "post", file, "--models", join(this.stage.folder, "models")]);
    const { jobId, addresses } = (await posted).context;
    if (typeof jobId !== "string" || !Array.isArray(addresses))
      throw new Error("`job post` logged no job id or no addresses");
    return { jobId: BigInt(jobId), bootstrap: addresses.map(String) };
  }

  /** Starts the workers. The honest trainers join first, so that they get the larger parts of the data. */
  async #enter(signal: AbortSignal): Promise<void> {
    const honest = this.cast.filter(({ role, behaviour }) => role === "trainer" && behaviour === "honest");
    const adversaries = this.cast.filter(({ role, behaviour }) => role === "trainer" && behaviour !== "honest");
    const validators = this.cast.filter(({ role }) => role === "validator");
    this.#narrator.say(
      `${honest.length + adversaries.length} trainers and ${validators.length} validators start, each in its own process with its own key`,
    );
    const joined = honest.map((actor) =>
      this.#line((line) => line.actor === actor && line.message === "joined the job", signal),
    );
    for (const actor of honest) this.#startWorker(actor);
    for (const actor of validators) void this.#startValidator(actor, signal);
    await Promise.all(joined);
    for (const actor of adversaries) this.#startWorker(actor);
  }

  async #startValidator(actor: Actor, signal: AbortSignal): Promise<void> {
    await this.#command(actor, ["stake", SEAT_LOCK], signal);
    this.#startWorker(actor);
  }

  #startWorker(actor: Actor): void {
    const words = actor.behaviour === "honest" ? [actor.role, "run"] : ["run"];
    const engine = actor.role === "trainer" ? ["--engine", this.#options.engine] : [];
    void this.stage.start(actor, PROGRAMS[actor.behaviour], [...words, ...engine, ...this.#workerArguments]);
  }

  /** Runs a command as an actor and waits for its end. */
  async #command(actor: Actor, words: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#expectedEnds.add(actor.name);
    const child = this.stage.start(actor, PROGRAM, words);
    if ((await child).exitCode !== 0) throw commandFailed(actor, words);
    this.#expectedEnds.delete(actor.name);
  }

  async #stopInitiator(initiator: Actor): Promise<void> {
    const ended = this.stage.ended([initiator]);
    this.#expectedEnds.add(initiator.name);
    await ended;
  }

  /** Waits for a worker's log line that satisfies `isIt`. */
  #line(isIt: (line: WorkerLine) => boolean, signal: AbortSignal): Promise<WorkerLine> {
    return new Promise((resolve, reject) => {
      const listener = (line: WorkerLine) => {
        if (!isIt(line)) return;
        this.#listeners.delete(listener);
        resolve(line);
      };
      this.#listeners.add(listener);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  #hear(line: WorkerLine): void {
    this.stopwatch.read(line);
    if (line.message === "training engine") this.#engine = String(line.context.engine);
    this.#narrator.tell(line);
    for (const listener of [...this.#listeners]) listener(line);
  }

  /** Aborts the run if a worker fails. */
  #onEnd(actor: Actor, { exitCode, signal }: ProcessEnd): void {
    if (exitCode === 0 || this.#expectedEnds.has(actor.name) || signal !== undefined) return;
    this.#failed.abort(
      new CommonweightError(
        "DEMO_WORKER_FAILED",
        `${actor.name} ended with status ${exitCode}`,
        "See its output above; `npm run demo` starts again.",
      ),
    );
  }

  #production(): Production {
    return {
      stage: this.stage,
      cast: this.cast,
      kill: (name) => this.stage.kill(this.#actor(name)),
      restart: (name) => this.#startWorker(this.#actor(name)),
    };
  }

  #actor(name: string): Actor {
    const actor = this.cast.find((candidate) => candidate.name === name);
    if (actor === undefined) throw new Error(`unknown actor ${name}`);
    return actor;
  }
}

async function writeResults(options: DemoOptions, report: Report, initialScore: number): Promise<void> {
  makeFolder(options.out);
  const points: CurvePoint[] = [
    { round: 0, accuracyBps: initialScore },
    ...report.rounds.map(({ round, accuracyBps }) => ({ round, accuracyBps })),
  ];
  await writeFile(join(options.out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(options.out, "curve.svg"), await linePlotSvg(curvePlot(points)));
}

function jobFacts({ dataset, seed }: DemoOptions, model: PresetName, rounds: number): Record<string, unknown> {
  return { model, dataset: dataset.split(/[\\/]/).at(-1), rounds, seed };
}

function commandFailed(actor: Actor, words: readonly string[]): CommonweightError {
  return new CommonweightError(
    "DEMO_COMMAND_FAILED",
    `${actor.name}: \`commonweight ${words.join(" ")}\` failed`,
    "See its output above.",
  );
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
