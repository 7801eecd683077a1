import type { JobView } from "@commonweight/sdk/chain/job-view";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { ModelShelf } from "../../roles/releases/model-shelf.ts";
import { ReleaseKeeper } from "../../roles/releases/release-keeper.ts";
import { openJob, topicOf } from "../../roles/worker/job-context.ts";
import type { Exchange } from "../wiring/content.ts";
import type { Reader } from "../wiring/reader.ts";

/** Fetches a job's released models while it is watched; opens the job once one of its workers serves it. */
export class WatchedModels {
  readonly #reader: Reader;
  readonly #exchange: Exchange;
  readonly #shelf: ModelShelf;
  #keeper: ReleaseKeeper | undefined;
  #opening: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #servingSeconds = 0;

  constructor(reader: Reader, exchange: Exchange, shelf: ModelShelf) {
    this.#reader = reader;
    this.#exchange = exchange;
    this.#shelf = shelf;
  }

  /** How long the job's specification asks to serve, in seconds; 0 as long as nobody served the specification. */
  get servingSeconds(): number {
    return this.#servingSeconds;
  }

  /** Meets the job's workers. */
  async meet(jobId: bigint, signal: AbortSignal): Promise<void> {
    const { chain, contracts } = this.#reader;
    await this.#exchange.network.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  }

  /** Fetches new releases in the background. */
  note(view: JobView, signal: AbortSignal): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#keeper !== undefined) return this.#keeper.note(view, signal);
    this.#opening ??= this.#open(view, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#failure = { error };
      })
      .finally(() => (this.#opening = undefined));
  }

  /** Fetches what is missing; returns whether nothing is. */
  async keep(view: JobView, signal: AbortSignal): Promise<boolean> {
    await this.#opening;
    if (this.#keeper === undefined) await this.#open(view, signal);
    return (await this.#keeper?.keep(view, signal)) ?? false;
  }

  /** A job that nobody serves now is opened at a later look. */
  async #open({ jobId }: JobView, signal: AbortSignal): Promise<void> {
    const { chain, contracts, log } = this.#reader;
    const { content } = this.#exchange;
    try {
      const job = await openJob({ contracts, content }, jobId, signal);
      const place = { chainId: chain.chainId, market: await contracts.market.getAddress() };
      this.#servingSeconds = job.spec.servingSeconds;
      this.#keeper = new ReleaseKeeper({ contracts, content, log, place, shelf: this.#shelf }, job);
    } catch (error) {
      if (!(error instanceof CommonweightError) || signal.aborted) throw error;
      const { code, message: reason, hint } = error;
      log.warn({ code, reason, hint }, "the job's files cannot be fetched, nor its released models");
    }
  }
}
