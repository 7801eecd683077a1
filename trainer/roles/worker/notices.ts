import { z } from "zod";

import { hindrancesOf, Waits } from "./status/held-up.ts";
import { readJobEvents, type JobEvent } from "@commonweight/sdk/chain/job-events";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { WorkerModules } from "./modules.ts";
import { readRecord } from "./read-record.ts";

type NoticeModules = Pick<WorkerModules, "chain" | "contracts" | "journal" | "log">;

/** Most blocks that are searched for what happened while the worker was away: endpoints bound the range of a search. */
const MOST_BLOCKS = 5_000;

const told = z.strictObject({ block: z.int() });

/** A line of the log about this account's money. */
export interface Notice {
  readonly code: "STAKE_SLASHED" | "BOND_FORFEITED" | "INITIATOR_BOND_BURNED" | "HOLDOUT_UNREADABLE";
  readonly message: string;
  readonly next: string;
  /** In the token's smallest unit. */
  readonly amount?: string;
}

/**
 * Tells a worker's operator once what happened to its money, and once why the job waits.
 *
 * Events are read when the job's state has changed, from the block that the journal says was read last: so what
 * happened while the worker was away is told as well.
 */
export class Notices {
  readonly #modules: NoticeModules;
  #state = "";
  readonly #waits = new Waits();

  constructor(modules: NoticeModules) {
    this.#modules = modules;
  }

  async see(view: JobView): Promise<void> {
    this.#tellHindrances(view);
    const { phase, roundNumber, round, members, enlisted, closed } = view;
    const state = [phase, roundNumber, round?.committee?.attempt, round?.outcome, members, enlisted.length, closed];
    if (state.join() === this.#state) return;
    await this.#tellEvents(view);
    this.#state = state.join();
  }

  #tellHindrances(view: JobView): void {
    const hindrances = hindrancesOf(view);
    const codes = hindrances.map(({ code }) => code).join();
    if (!this.#waits.isNews(codes, view.time)) return;
    for (const { code, text } of hindrances) this.#modules.log.warn({ code, job: `${view.jobId}` }, text);
    if (codes === "") this.#modules.log.info({ job: `${view.jobId}` }, "the job goes on");
  }

  async #tellEvents({ jobId, block, self, initiator }: JobView): Promise<void> {
    const { contracts, journal, log } = this.#modules;
    const key = `notices/${jobId}`;
    const last = readRecord(this.#modules, key, told)?.block ?? block - 1;
    const events = await readJobEvents(contracts, jobId, Math.max(last + 1, block - MOST_BLOCKS), block);
    for (const event of events) {
      const notice = noticeOf(event, self.account, initiator);
      if (notice === undefined) continue;
      const { message, ...context } = notice;
      log.warn({ ...context, job: `${jobId}`, block: event.block, transaction: event.transaction }, message);
    }
    if (block > last) journal.record(key, { block } satisfies z.infer<typeof told>);
  }
}

/** What an event says about the money of `account`; `undefined` for nothing. Pure. */
export function noticeOf({ name, args }: JobEvent, account: string, initiator: string): Notice | undefined {
  if (name === "Slashed" && args.validator === account) {
    return {
      code: "STAKE_SLASHED",
      message: "this account's lock was slashed: it was silent, or scored outside the band",
      next: "`commonweight explain JOB` shows its scores beside the median. A slashed validator is off the list.",
      amount: String(args.amount),
    };
  }
  if (name === "Left" && args.trainer === account && args.forfeited === true) {
    return {
      code: "BOND_FORFEITED",
      message: "this account's bond was burned: it sealed an update and did not disclose it in time",
      next: "Keep the worker running through Disclosure. To take part again, use another account.",
    };
  }
  if (name === "HoldoutFailed" && initiator === account) {
    return args.opened === true
      ? {
          code: "HOLDOUT_UNREADABLE",
          message: "most seats could not read the round's shard: no further round opens, and the bond comes back",
          next: "`commonweight job refund JOB` once the job is closed.",
        }
      : {
          code: "INITIATOR_BOND_BURNED",
          message: "the round's shard was not opened in time: the initiator's bond burns, and no further round opens",
          next: "`commonweight job refund JOB` once the job is closed. Keep the initiator's worker running.",
        };
  }
  return undefined;
}
