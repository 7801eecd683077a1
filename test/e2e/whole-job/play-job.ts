import { once } from "node:events";
import { join } from "node:path";

import type { ExplainedRound } from "@commonweight/sdk/chain/explain-round";
import type { CommandLine } from "../../helpers/command-line.ts";

/** Accounts that take part. The initiator is account 0. */
export const TRAINERS: readonly number[] = [1, 2, 3];
export const VALIDATORS: readonly number[] = [4, 5, 6];
const EVERYONE = [0, ...TRAINERS, ...VALIDATORS];
/** Stake of a validator, in coins. */
const STAKE = "0.5";

/** How a job that was played ended. */
export interface JobEnd {
  /** Commands that ended with another status than 0, with their error output. */
  readonly failures: readonly string[];
}

/** What everyone took out of the contracts, in the token's smallest unit. */
export interface Payout {
  /** Pay that was due before the withdrawal, by account. */
  readonly due: ReadonlyMap<number, bigint>;
  /** Withdrawn from the market, by account; with bonds, and for the initiator the refund. */
  readonly fromMarket: ReadonlyMap<number, bigint>;
  /** What the market and the stake registry still have. */
  readonly left: bigint;
}

/**
 * Plays the first job of a chain from posting to its close: every participant is a process with its own key, and the
 * initiator's process serves the files.
 *
 * @param jobText the job file's text; its job takes three trainers and three validators
 */
export async function playJob(cli: CommandLine, jobText: string): Promise<JobEnd> {
  const failures: string[] = [];
  const run = async (...args: readonly string[]) => {
    const { status, err } = await cli.run(...args);
    if (status !== 0) failures.push(`${args.slice(0, 2).join(" ")} ended with ${status}: ${err}`);
  };
  const file = await cli.file("job.yaml", jobText);
  const post = ["job", "post", file, ...cli.as(0), "--models", join(cli.folder, "models")];
  const { child: initiator, line } = await cli.start(post, "job posted");
  const ended = once(initiator, "exit");
  const job = ["--job", String(line.jobId), "--bootstrap", String((line.addresses as readonly string[])[0])];
  await Promise.all([
    ...TRAINERS.map((account) => run("trainer", "run", "--engine", "wasm", ...job, ...cli.as(account))),
    ...VALIDATORS.map(async (account) => {
      await run("stake", STAKE, ...cli.as(account));
      await run("validator", "run", ...job, ...cli.as(account));
    }),
  ]);
  // Without its workers the job would stay open until its deadline.
  if (failures.length > 0) initiator.kill();
  const [status] = (await ended) as readonly unknown[];
  if (status !== 0) failures.push(`job post ended with ${String(status)}`);
  return { failures };
}

/** Withdraws everything that everyone has in the contracts: pay, bonds, refund, and the validators' thawed stake. */
export async function payEveryoneOut(cli: CommandLine): Promise<Payout> {
  const { market, registry, wrappedNative } = cli.contracts;
  const due = new Map<number, bigint>();
  const fromMarket = new Map<number, bigint>();
  await Promise.all(VALIDATORS.map((account) => cli.json("thaw", "all", ...cli.as(account))));
  const payOut = async (account: number) => {
    const status = (await cli.json("status", ...cli.as(account))) as { due: readonly { amount: string }[] };
    due.set(
      account,
      status.due.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    );
    const report = (await cli.json("withdraw", ...cli.as(account))) as {
      withdrawn: readonly { contract: string; amount: string }[];
    };
    fromMarket.set(account, BigInt(report.withdrawn.find(({ contract }) => contract === "market")?.amount ?? 0));
  };
  await Promise.all(EVERYONE.map(payOut));
  const left = (await wrappedNative.balanceOf(market)) + (await wrappedNative.balanceOf(registry));
  return { due, fromMarket, left };
}

/** The rounds of job 1, derived again from the chain's records. */
export async function explainJob(cli: CommandLine): Promise<readonly ExplainedRound[]> {
  const { rounds } = (await cli.json("explain", "1")) as unknown as { rounds: readonly ExplainedRound[] };
  return rounds;
}
