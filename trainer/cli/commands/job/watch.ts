import { setTimeout as sleep } from "node:timers/promises";

import type { Command } from "commander";

import { hindrancesOf } from "../../../roles/worker/held-up.ts";
import { readJobEvents, type JobEvent } from "@commonweight/sdk/chain/job-events";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { formatMoney, type TokenFormat } from "@commonweight/sdk/job-file/money";
import { readHistory } from "@commonweight/sdk/chain/read-history";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { eventText } from "../../text/event-text.ts";
import { jobLines } from "../../text/job-text.ts";
import { jobIdOption, parseCommonOptions, parseOptions, type CommonOptions } from "../../options/options.ts";
import { printResult, toJson } from "../../text/print-result.ts";
import { readJobView } from "../../inputs/read-job-view.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { POLL_MS } from "../../wiring/poll.ts";
import { withReader, type Reader } from "../../wiring/reader.ts";

/** `commonweight job watch`: prints a job's events live until it is closed. */
export function addJobWatch(parent: Command): void {
  parent
    .command("watch")
    .argument("<job>", "the job's number")
    .description("print a job's phases, events, accuracy and money live until it is closed")
    .action((jobText: string, _values: unknown, command: Command) =>
      watchJobLive(parseOptions(jobIdOption, jobText), parseCommonOptions(command.optsWithGlobals())),
    );
}

/** Prints a job's events from the first, one per line, and a summary when the job is closed. */
export async function watchJobLive(jobId: bigint, common: CommonOptions): Promise<void> {
  await untilInterrupted((signal) =>
    withReader(common, async (reader) => {
      const { contracts, deployment } = reader;
      const { params } = await readJobView(reader, jobId, signal);
      const { format } = await readToken(contracts, params.token);
      const story = new Story(common, format);
      for (let from = deployment.block; ;) {
        const view = await readJobView(reader, jobId, signal);
        story.tellEvents(await readJobEvents(contracts, jobId, from, view.block));
        story.tellPhase(view);
        story.tellHindrances(view);
        if (view.closed) return summarise(reader, view, format, common);
        from = view.block + 1;
        await sleep(POLL_MS, undefined, { signal });
      }
    }),
  );
}

class Story {
  readonly #common: CommonOptions;
  readonly #format: TokenFormat;
  #headline = "";
  #hindrances = "";

  constructor(common: CommonOptions, format: TokenFormat) {
    this.#common = common;
    this.#format = format;
  }

  tellEvents(events: readonly JobEvent[]): void {
    for (const event of events) {
      const text = eventText(event, (amount) => formatMoney(amount, this.#format));
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

  #write(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}

async function summarise(
  { contracts }: Reader,
  view: JobView,
  format: TokenFormat,
  common: CommonOptions,
): Promise<void> {
  const history = await readHistory(contracts, view);
  const { jobId, best, modelVersion, modelDigest } = view;
  printResult(common, { jobId, closed: true, best, modelVersion, modelDigest, money: history.money }, () => [
    "",
    ...jobLines(view, history, format),
  ]);
}
