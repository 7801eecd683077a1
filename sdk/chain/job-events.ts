import { toBeHex, zeroPadValue, type Log, type LogDescription, type Provider } from "ethers";

import { contractInterfaces, type Contracts } from "./contracts.ts";
import { CommonweightError } from "../errors.ts";

/** A contract event of a job. */
export interface JobEvent {
  readonly block: number;
  readonly transaction: string;
  /** The event's name in the contract: `UpdateRevealed`. */
  readonly name: string;
  /** The event's arguments by name: addresses and bytes as text, numbers as bigint. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Reads all events of a job in the blocks `from` to `to`, both included, in order. */
export async function readJobEvents(
  contracts: Contracts,
  jobId: bigint,
  from: number,
  to: number,
): Promise<readonly JobEvent[]> {
  if (to < from) return [];
  const provider = providerOf(contracts);
  const { market, lifecycle, rounds, book, committees, panel, registry } = contracts;
  const job = zeroPadValue(toBeHex(jobId), 32);
  const range = { fromBlock: from, toBlock: to };
  const ofJobs = [market, lifecycle, rounds, book, committees, panel];
  const address = await Promise.all(ofJobs.map((contract) => contract.getAddress()));
  const [ofJob, ofStake] = await Promise.all([
    provider.getLogs({ ...range, address, topics: [null, job] }),
    provider.getLogs({ ...range, address: await registry.getAddress(), topics: [null, null, null, job] }),
  ]);
  return [...ofJob, ...ofStake].sort(byPlace).flatMap((log) => {
    const event = parsed(log);
    return event === undefined ? [] : [eventOf(log, event)];
  });
}

/** Returns the contracts' provider. */
export function providerOf({ market }: Contracts): Provider {
  const provider = market.runner?.provider;
  if (provider === null || provider === undefined) {
    throw new CommonweightError(
      "CHAIN_NO_PROVIDER",
      "the contracts have no provider",
      "Connect them with a provider, or with a signer that has one.",
    );
  }
  return provider;
}

function parsed(log: Log): LogDescription | undefined {
  for (const one of contractInterfaces) {
    const event = one.parseLog(log);
    if (event !== null) return event;
  }
  return undefined;
}

function eventOf({ blockNumber, transactionHash }: Log, { name, args, fragment }: LogDescription): JobEvent {
  const entries = fragment.inputs.map((input, index): [string, unknown] => [input.name, args[index]]);
  return { block: blockNumber, transaction: transactionHash, name, args: Object.fromEntries(entries) };
}

function byPlace(a: Log, b: Log): number {
  return a.blockNumber - b.blockNumber || a.index - b.index;
}
