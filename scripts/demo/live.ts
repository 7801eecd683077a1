import { setTimeout as sleep } from "node:timers/promises";

import { formatEther } from "ethers";

import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import type { Stage, WorkerLine } from "./stage.ts";

const POLL_MS = 100;
const BAR_CELLS = 30;

/** Prints events, one per line, with the seconds since the start. */
export class Narrator {
  readonly #start = performance.now();
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void = (text) => process.stdout.write(text)) {
    this.#write = write;
  }

  say(text: string): void {
    const seconds = (performance.now() - this.#start) / 1000;
    this.#write(`${seconds.toFixed(1).padStart(6)} s  ${text}\n`);
  }

  /** Prints a worker's log line if it is a warning or of interest to the user. */
  tell({ actor, level, message, context }: WorkerLine): void {
    const text = level >= 40 ? warningOf(message, context) : storyOf(message, context);
    if (text !== undefined) this.say(`${" ".repeat(10)}${actor.name.padEnd(12)} ${text}`);
  }
}

/** A warning with its context, without the log's timestamp, as the line has its own. */
function warningOf(message: string, context: Readonly<Record<string, unknown>>): string {
  const details = Object.entries(context).filter(([key]) => key !== "time");
  const told = details.map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [message, ...told].join("; ");
}

function storyOf(message: string, context: Readonly<Record<string, unknown>>): string | undefined {
  const seconds = typeof context.seconds === "number" ? context.seconds.toFixed(1) : "?";
  switch (message) {
    case "joined the job":
      return "joins with a bond";
    case "trained":
      return `made an update in ${seconds} s`;
    case "scored":
      return Array.isArray(context.scores) && context.scores.length > 0
        ? `scores [${context.scores.join(", ")}] in ${seconds} s`
        : "has no updates to score: it confirms the model";
    case "validator is done":
      return context.reason === "stake" ? "is off the list: its remaining stake does not cover a seat" : undefined;
    default:
      return context.call === "enlist" ? "enlists and locks its stake" : undefined;
  }
}

/** Receivers of news about the job. */
export interface Audience {
  readonly narrator: Narrator;
  /** An actor's name by its address. */
  readonly nameOf: (address: string) => string;
  readonly onView: (view: JobView) => void;
}

/** Follows the job on chain until it is closed, and prints phases, models and payments. */
export async function followJob(stage: Stage, jobId: bigint, audience: Audience, signal: AbortSignal): Promise<void> {
  const { contracts, provider } = stage;
  const params = await readJobParams(contracts, jobId);
  const account = await contracts.market.getAddress();
  const story = new MoneyStory(stage, jobId, audience);
  let headline = "";
  for (;;) {
    signal.throwIfAborted();
    const block = await provider.getBlock("latest");
    if (block !== null) {
      const view = await readJob(contracts, { jobId, params, account, block });
      const next = headlineOf(view);
      if (next !== headline) audience.narrator.say(next);
      headline = next;
      await story.tellUntil(block.number);
      audience.onView(view);
      if (view.closed) return;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

function headlineOf({ phase, roundNumber, round }: JobView): string {
  if (phase === "closed" || roundNumber === 0) return phase;
  return `round ${roundNumber}${round?.confirming === true ? " (confirming)" : ""}: ${phase}`;
}

/** Prints released models and payments from the contracts' events. */
class MoneyStory {
  readonly #contracts: Contracts;
  readonly #jobId: bigint;
  readonly #narrator: Narrator;
  readonly #nameOf: (address: string) => string;
  #next: number;

  constructor({ contracts, deployment }: Stage, jobId: bigint, { narrator, nameOf }: Audience) {
    this.#contracts = contracts;
    this.#jobId = jobId;
    this.#next = deployment.block;
    this.#narrator = narrator;
    this.#nameOf = nameOf;
  }

  async tellUntil(block: number): Promise<void> {
    if (block < this.#next) return;
    const [from, to] = [this.#next, block];
    this.#next = block + 1;
    const { market, lifecycle, rounds, registry } = this.#contracts;
    const [models, trainers, validators, slashed] = await Promise.all([
      rounds.queryFilter(lifecycle.filters.ModelReleased(this.#jobId), from, to),
      market.queryFilter(market.filters.TrainersEarned(this.#jobId), from, to),
      market.queryFilter(market.filters.ValidatorsEarned(this.#jobId), from, to),
      registry.queryFilter(registry.filters.Slashed(undefined, undefined, this.#jobId), from, to),
    ]);
    for (const { args } of slashed)
      this.#narrator.say(`  money    ${this.#nameOf(args.validator)} is slashed ${coins(args.amount)}`);
    for (const { args } of validators) {
      this.#narrator.say(`  money    round ${args.round}'s validators earn ${coins(args.quality + args.attestation)}`);
    }
    for (const { args } of trainers) {
      this.#narrator.say(
        `  money    round ${args.round}'s trainers earn ${coins(args.amount)}: a second committee confirmed the score`,
      );
    }
    for (const { args } of models) {
      this.#narrator.say(`  model ${args.modelVersion}  accuracy ${accuracyBar(Number(args.score))}`);
    }
  }
}

/** Formats an amount of the native coin, given in wei. */
export function coins(amount: bigint): string {
  return `${Number(formatEther(amount)).toFixed(4)} coins`;
}

/** An accuracy in basis points as a percentage and a bar. */
export function accuracyBar(bps: number): string {
  const filled = Math.round((bps / 10_000) * BAR_CELLS);
  return `${(bps / 100).toFixed(1).padStart(5)} % ${"█".repeat(filled)}${"░".repeat(BAR_CELLS - filled)}`;
}
