import type { Contracts } from "./contracts.ts";
import { providerOf, readJobEvents, type JobEvent } from "./job-events.ts";

export interface FollowOptions {
  /** First block to read: the block of the job's posting. */
  readonly fromBlock: number;
  /** Polling interval; 2,000 by default. */
  readonly pollMs?: number | undefined;
  /** Ends the iteration: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields a job's events in order, as blocks come, until the job is closed. It reads up to the latest block: after a
 * reorganisation an event may be repeated or may no longer exist.
 */
export async function* followJob(
  contracts: Contracts,
  jobId: bigint,
  { fromBlock, pollMs = 2_000, signal }: FollowOptions,
): AsyncGenerator<JobEvent, void, undefined> {
  const provider = providerOf(contracts);
  for (let from = fromBlock; ;) {
    signal?.throwIfAborted();
    const to = await provider.getBlockNumber();
    for (const event of await readJobEvents(contracts, jobId, from, to)) {
      yield event;
      if (event.name === "JobClosed") return;
    }
    from = Math.max(from, to + 1);
    await pause(pollMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
