import type { Contracts } from "./contracts.ts";
import { providerOf, readJobEvents, type JobEvent } from "./job-events.ts";

export interface FollowOptions {
  /** First block to read: the one of the job's posting. */
  readonly fromBlock: number;
  /** Time between two looks at the chain; 2,000 unless given. */
  readonly pollMs?: number | undefined;
  /** Ends the iteration with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields a job's events in order, as blocks come, until the job is closed. It reads the latest block: after a
 * reorganisation an event may appear twice, or have disappeared.
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
