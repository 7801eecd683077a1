import type { Contracts } from "./contracts.ts";

/** An account's present and past roles in one job. */
export interface AccountPart {
  readonly jobId: bigint;
  readonly isInitiator: boolean;
  readonly isTrainer: boolean;
  readonly isValidator: boolean;
}

/** A range of blocks, both ends included. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** Finds the jobs that an account posted, joined or enlisted for, from events. */
export async function findParts(
  { market, rounds, committees }: Contracts,
  account: string,
  { from, to }: BlockRange,
): Promise<readonly AccountPart[]> {
  const [posted, joined, enlisted] = await Promise.all([
    market.queryFilter(market.filters.JobPosted(undefined, account), from, to),
    rounds.queryFilter(rounds.filters.Joined(undefined, account), from, to),
    committees.queryFilter(committees.filters.Enlisted(undefined, account), from, to),
  ]);
  const idsOf = (events: readonly { readonly args: { readonly jobId: bigint } }[]) =>
    new Set(events.map(({ args }) => args.jobId));
  const [initiated, trained, validated] = [idsOf(posted), idsOf(joined), idsOf(enlisted)];
  const ids = [...new Set([...initiated, ...trained, ...validated])].sort((a, b) => (a < b ? -1 : 1));
  return ids.map((jobId) => ({
    jobId,
    isInitiator: initiated.has(jobId),
    isTrainer: trained.has(jobId),
    isValidator: validated.has(jobId),
  }));
}
