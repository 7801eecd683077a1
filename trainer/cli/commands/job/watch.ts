import type { Command } from "commander";
import { z } from "zod";

import { hindrancesOf } from "../../../roles/worker/status/held-up.ts";
import { readJobEvents, type JobEvent } from "@commonweight/sdk/chain/job-events";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { showMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { readHistory, type JobHistory, bestRelease, releasesOf } from "@commonweight/sdk/chain/read-history";
import { readToken } from "@commonweight/sdk/chain/token-format";
import type { ModelShelf } from "../../../roles/releases/model-shelf.ts";
import { pause } from "../../../roles/worker/pause.ts";
import { WatchedModels } from "../../inputs/watched-models.ts";
import { MODELS_HELP, modelsFolder, modelsOption } from "../../options/models-folder.ts";
import { eventText } from "../../text/event-text.ts";
import { jobLines } from "../../text/job-text.ts";
import { jobIdOption, parseCommonOptions, parseOptions, type CommonOptions } from "../../options/options.ts";
import { printResult, toJson } from "../../text/print-result.ts";
import { readJobView } from "../../inputs/read-job-view.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { accountOf } from "../../wiring/keys.ts";
import { modelShelf } from "../../wiring/model-folder.ts";
import { neighbourAddresses } from "../../wiring/neighbours.ts";
import { withReader, type Reader } from "../../wiring/reader.ts";
import { withOwnOrFreeStore, withReaderStore } from "../../wiring/shared-content.ts";

/** Interval between looks at the chain's clock while the models of a closed job are served. */
const SERVING_POLL_MS = 1_000;

const options = z.object({ models: modelsOption, serve: z.boolean() });

export interface WatchOptions {
  /** Folder for the released models; `false` for none, a default if left out. */
  readonly models?: string | false | undefined;
  /** Whether to serve the released models after the closing, as long as the specification asks. */
  readonly serve: boolean;
}

/** `commonweight job watch`: prints a job's events live until it is closed, and fetches its released models. */
export function addJobWatch(parent: Command): void {
  parent
    .command("watch")
    .argument("<job>", "the job's number")
    .option("--models <folder>", MODELS_HELP)
    .option("--no-models", "do not fetch the released models")
    .option("--serve", "after the job closed, serve its models as long as its specification asks", false)
    .description("print a job's phases, events, accuracy and money live until it is closed; fetch and serve its models")
    .action((jobText: string, _values: unknown, command: Command) => {
      const { models, serve } = parseOptions(options, { ...command.opts(), models: modelsValue(command) });
      return watchJobLive(parseOptions(jobIdOption, jobText), parseCommonOptions(command.optsWithGlobals()), {
        models,
        serve,
      });
    });
}

/** With `--no-models`, commander's default for the option is `true`. */
function modelsValue(command: Command): unknown {
  const { models } = command.opts<{ models?: unknown }>();
  return models === true ? undefined : models;
}

/** Prints a job's events from the first, one per line, and a summary when the job is closed. */
export async function watchJobLive(
  jobId: bigint,
  common: CommonOptions,
  { models, serve }: WatchOptions = { serve: false },
): Promise<void> {
  await untilInterrupted((signal) =>
    withReader(common, async (reader) => {
      const { contracts } = reader;
      const { params, terms, closed } = await readJobView(reader, jobId, signal);
      const { format } = await readToken(contracts, params.token);
      const story = new Story(common, format, await accountOf(common));
      const watch = { jobId, reader, story };
      if (models === false) return tellJob(watch, undefined, signal);
      if (!(await canFetch(reader, common, closed))) {
        story.note("no worker's address is known (--bootstrap ADDRESS): the released models are not fetched");
        return tellJob(watch, undefined, signal);
      }
      const shelf = toldShelf(modelShelf(modelsFolder(models, jobId, terms)), story);
      // Only a short look takes the account's own store: a worker of the same key must be able to start meanwhile.
      const withStore = closed && !serve ? withOwnOrFreeStore : withReaderStore;
      await withStore(reader.log, common, async (exchange) => {
        const watched = new WatchedModels(reader, exchange, shelf);
        await watched.meet(jobId, signal);
        await tellJob(watch, { watched, shelf }, signal);
        if (!serve) return;
        story.note(`serving the released models at ${exchange.network.addresses().join(" ")}; interrupt to stop`);
        await serveOn(reader, watched.servingSeconds, signal);
      });
    }),
  );
}

/** Whether there is anything to fetch from: a bootstrap address, the account's own store, or another process's node. */
async function canFetch({ log }: Reader, common: CommonOptions, closed: boolean): Promise<boolean> {
  if (common.bootstrap.length > 0 || (closed && (await accountOf(common)) !== undefined)) return true;
  return (await neighbourAddresses(common.dataDir, log)).length > 0;
}

interface Watch {
  readonly jobId: bigint;
  readonly reader: Reader;
  readonly story: Story;
}

interface Models {
  readonly watched: WatchedModels;
  readonly shelf: ModelShelf;
}

async function tellJob(
  { jobId, reader, story }: Watch,
  models: Models | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { contracts, deployment } = reader;
  for (let from = deployment.block; ;) {
    const view = await readJobView(reader, jobId, signal);
    story.tellEvents(await readJobEvents(contracts, jobId, from, view.block));
    story.tellPhase(view);
    story.tellHindrances(view);
    if (view.closed) {
      const isKept = view.modelVersion === 0 || (await models?.watched.keep(view, signal)) === true;
      story.summarise(view, await readHistory(contracts, view), isKept ? models?.shelf : undefined);
      return story.tellRefund(view, await contracts.market.withdrawable(view.params.token, view.initiator));
    }
    if (view.modelVersion > 0) models?.watched.note(view, signal);
    from = view.block + 1;
    await reader.chain.untilNextBlock(signal, true);
  }
}

/** Waits until the block time is `seconds` later, or until `signal` aborts. */
async function serveOn({ chain }: Reader, seconds: number, signal: AbortSignal): Promise<void> {
  const until = (await chain.head(signal)).timestamp + seconds;
  while (!signal.aborted && (await chain.head(signal)).timestamp < until) await pause(SERVING_POLL_MS, signal);
}

/** A shelf that tells each model that arrives. */
function toldShelf(shelf: ModelShelf, story: Story): ModelShelf {
  return {
    ...shelf,
    async write(round, release) {
      const written = await shelf.write(round, release);
      if (written.some(({ change }) => change !== "unchanged")) story.note(`model in ${shelf.folderOf(round)}`);
      return written;
    },
  };
}

class Story {
  readonly #common: CommonOptions;
  readonly #format: TokenFormat;
  readonly #account: string | undefined;
  #headline = "";
  #hindrances = "";

  /** @param account of the key that watches, if there is one */
  constructor(common: CommonOptions, format: TokenFormat, account: string | undefined) {
    this.#common = common;
    this.#format = format;
    this.#account = account;
  }

  tellEvents(events: readonly JobEvent[]): void {
    for (const event of events) {
      const text = eventText(event, (amount) => showMoney(amount, this.#format));
      if (this.#common.json) this.#write(toJson({ event: event.name, block: event.block, ...event.args }));
      else if (text !== undefined) this.#write(`  ${text}`);
    }
  }

  tellPhase({ phase, roundNumber, round, block, time }: JobView): void {
    const name = roundNumber === 0 || phase === "closed" ? phase : `round ${roundNumber}: ${phase}`;
    const headline = round?.confirming === true && phase !== "closed" ? `${name} (confirming)` : name;
    if (headline === this.#headline) return;
    this.#headline = headline;
    this.#write(this.#common.json ? toJson({ phase, round: roundNumber, block, time }) : headline);
  }

  /** Prints once why the job waits. */
  tellHindrances(view: JobView): void {
    const hindrances = hindrancesOf(view);
    const codes = hindrances.map(({ code }) => code).join();
    if (codes === this.#hindrances) return;
    this.#hindrances = codes;
    for (const { code, text } of hindrances)
      this.#write(this.#common.json ? toJson({ waits: code, text }) : `  ${text}`);
  }

  /** One line that is no event of the chain. */
  note(text: string): void {
    this.#write(this.#common.json ? toJson({ note: text }) : `  ${text}`);
  }

  /** @param shelf where the released models are, if they were fetched */
  summarise(view: JobView, history: JobHistory, shelf: ModelShelf | undefined): void {
    const { jobId, best, modelVersion, modelDigest } = view;
    const release = bestRelease(releasesOf(view, history.rounds));
    const folder = release === undefined ? undefined : shelf?.folderOf(release.round);
    const result = { jobId, closed: true, best, modelVersion, modelDigest, money: history.money };
    printResult(this.#common, { ...result, ...(folder === undefined ? {} : { model: folder }) }, () => [
      "",
      ...jobLines(view, history, this.#format),
      ...(folder === undefined
        ? []
        : [`best confirmed model: ${folder}; \`commonweight content serve ${folder}\` gives it to others`]),
    ]);
  }

  /** Says how the initiator gets what the market owes it, which a closing credits and does not send. */
  tellRefund({ initiator }: JobView, withdrawable: bigint): void {
    if (withdrawable === 0n || this.#common.json) return;
    const amount = showMoney(withdrawable, this.#format);
    this.#write(
      this.#account === initiator
        ? `next: \`commonweight withdraw\` pays you ${amount}`
        : `next: the initiator withdraws ${amount} with \`commonweight withdraw\``,
    );
  }

  #write(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}
