import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { JobView, RoundView } from "@commonweight/sdk/chain/job-view";
import { readRound } from "@commonweight/sdk/chain/read-job";
import { releasesOf, type Release } from "@commonweight/sdk/chain/read-history";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { ContentStore } from "../../content/port.ts";
import type { Log } from "../../log.ts";
import type { JobContext } from "../worker/job-context.ts";
import { fetchRelease, type JobPlace } from "./fetch-release.ts";
import type { ModelShelf } from "./model-shelf.ts";

export interface KeeperModules {
  readonly contracts: Contracts;
  readonly content: ContentStore;
  readonly log: Log;
  readonly place: JobPlace;
  readonly shelf: ModelShelf;
}

/** Pause after a failure, by this machine's clock. */
const RETRY_MS = 5_000;

/**
 * Fetches every model that a job releases, writes it to the shelf, and writes it again once it is confirmed. What was
 * fetched is served. Works in the background: a model that nobody serves must not delay a worker's duties.
 */
export class ReleaseKeeper {
  readonly #modules: KeeperModules;
  readonly #job: JobContext;
  /** Rounds that are over, by number. */
  readonly #over = new Map<number, RoundView>();
  /** Releases on the shelf, with the confirmed accuracy that was written. */
  readonly #kept = new Map<number, string>();
  readonly #warned = new Set<string>();
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #notBeforeMs = 0;
  /** What the releases of the last complete look followed from. */
  #seen = "";
  #isComplete = true;

  constructor(modules: KeeperModules, job: JobContext) {
    this.#modules = modules;
    this.#job = job;
  }

  /** Looks for new releases in the background, unless an earlier look still runs. Throws an earlier one's defect. */
  note(view: JobView, signal: AbortSignal): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#running !== undefined || performance.now() < this.#notBeforeMs) return;
    this.#running = this.#keepAll(view, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#failure = { error };
      })
      .finally(() => (this.#running = undefined));
  }

  /**
   * Fetches and writes the releases that are missing.
   *
   * @returns whether all of them are on the shelf
   */
  async keep(view: JobView, signal: AbortSignal): Promise<boolean> {
    await this.#running;
    await this.#keepAll(view, signal);
    return this.#isComplete;
  }

  #has(release: Release): boolean {
    return this.#kept.get(release.round) === nameOf(release);
  }

  async #keepAll(view: JobView, signal: AbortSignal): Promise<void> {
    const state = [view.modelDigest, view.modelVersion, view.pendingRound, view.best, view.closed].join("/");
    if (view.modelVersion === 0 || state === this.#seen) return;
    const releases = await this.#tryReleases(view, signal);
    this.#isComplete = false;
    if (releases === undefined) return;
    for (const release of releases) {
      signal.throwIfAborted();
      if (!this.#has(release)) await this.#keepOne(release, signal);
    }
    this.#isComplete = releases.every((release) => this.#has(release));
    if (this.#isComplete) this.#seen = state;
  }

  async #keepOne(release: Release, signal: AbortSignal): Promise<void> {
    const { shelf, log } = this.#modules;
    const { round, version } = release;
    try {
      const files = await fetchRelease(this.#modules, this.#job, release, signal);
      await shelf.write(round, files);
      const isNew = !this.#kept.has(round);
      this.#kept.set(round, nameOf(release));
      if (isNew) log.info({ round, version, folder: shelf.folderOf(round) }, "fetched the released model");
    } catch (error) {
      if (!(error instanceof CommonweightError) || signal.aborted) throw error;
      const { code, message: reason, hint } = error;
      this.#failed({ round, code, reason, hint }, "a released model is not in its folder yet");
    }
  }

  /** Postpones the next look, and warns once of each round and reason. */
  #failed(context: Readonly<Record<string, unknown>>, message: string): void {
    this.#notBeforeMs = performance.now() + RETRY_MS;
    const name = `${String(context.round)}/${String(context.code)}`;
    if (this.#warned.has(name)) return;
    this.#warned.add(name);
    this.#modules.log.warn(context, message);
  }

  /** The job's releases; `undefined` if they cannot be read now: no endpoint answers, or the block was reorganised. */
  async #tryReleases(view: JobView, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    try {
      return await this.#releases(view);
    } catch (error) {
      if (signal.aborted) throw error;
      const code = error instanceof CommonweightError ? error.code : "CHAIN_READ";
      this.#failed({ code, block: view.block, error }, "the job's releases cannot be read; trying again");
      return undefined;
    }
  }

  async #releases(view: JobView): Promise<readonly Release[]> {
    const rounds: RoundView[] = [];
    for (let number = 1; number <= view.roundNumber; number++) rounds.push(await this.#roundOf(view, number));
    return releasesOf(view, rounds);
  }

  async #roundOf(view: JobView, number: number): Promise<RoundView> {
    const known = this.#over.get(number);
    if (known !== undefined) return known;
    const block = { number: view.block, timestamp: view.time };
    const round = await readRound(this.#modules.contracts, view.jobId, number, block);
    // A settled round as deep as the one before the last stays; newer ones may be reorganised.
    if (round.outcome !== "running" && number < view.roundNumber - 1) this.#over.set(number, round);
    return round;
  }
}

function nameOf({ digest, confirmed }: Release): string {
  return `${digest}/${confirmed ?? "waits"}`;
}
