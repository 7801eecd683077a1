import type { TransactionResponse } from "ethers";

import Table from "cli-table3";

import { digestOf } from "../../helpers/contracts/commitments.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { budgetTerms, type JobTerms, milestoneTerms } from "../../helpers/contracts/job-params.ts";
import { deployedMarket } from "../../helpers/contracts/world.ts";
import { updatesPerTally } from "../../../trainer/roles/worker/duties.ts";
import { openChain } from "../../helpers/contracts/chain.ts";

/** Gas of all transactions of one kind in a round. */
export interface KindCost {
  readonly kind: string;
  readonly transactions: number;
  readonly gas: number;
}

/** Size of a measured round. */
export interface RoundSize {
  readonly updates: number;
  readonly seats: number;
  /** If true, a price list on a common holdout without trust; if false, a budget a round on own holdouts with trust. */
  readonly isPriced: boolean;
}

/** Rounds of which the costs are measured: the first ones pay for slots that later ones use again. */
const ROUNDS = [1, 2, 3] as const;
/** Accuracies before and after each round, in basis points. */
const SCORES = [1_000, 5_000, 6_000, 7_000] as const;

/** Rounds of a job, as `measureRounds` measured them. */
export interface MeasuredJob extends RoundSize {
  readonly rounds: readonly (readonly KindCost[])[];
}

/** Measures jobs of 7 seats and 4, 16 and 64 updates: the default one, and one with trust. */
export async function measureJobs(): Promise<readonly MeasuredJob[]> {
  const jobs: MeasuredJob[] = [];
  for (const updates of [4, 16, 64]) {
    for (const isPriced of [true, false]) {
      const size = { updates, seats: 7, isPriced };
      jobs.push({ ...size, rounds: await measureRounds(size) });
    }
  }
  return jobs;
}

/**
 * Plays three rounds in which every trainer hands in an update and every seat agrees, and adds up the gas that all
 * parties spend on each, from the first commitment to the last credit. Opening the next round is a part of settling.
 *
 * @returns the costs of each round, by kind of transaction
 */
async function measureRounds(size: RoundSize): Promise<readonly (readonly KindCost[])[]> {
  const { updates, seats, isPriced } = size;
  const chain = await openChain(2 + updates + seats);
  const world = await deployedMarket(chain, { trainers: updates, validators: seats });
  const now = await chain.helpers.time.latest();
  const changes: Partial<JobTerms> = {
    committeeSize: seats,
    rounds: ROUNDS.length + 1,
    trainingPeriod: 100_000,
    scoringPeriod: 100_000,
    revealPeriod: 100_000,
    attestationPeriod: 100_000,
    deadline: now + 10_000_000,
  };
  const termsOf = isPriced ? milestoneTerms : budgetTerms;
  const job = await JobDriver.post(world, termsOf(await world.token.getAddress(), now, changes));
  await job.join(...world.trainers);
  await job.stake(...world.validators);
  await job.enlistStaked(...world.validators);
  await job.open();
  const costs: (readonly KindCost[])[] = [];
  for (const round of ROUNDS) costs.push(await measureRound(job, round, size));
  return costs;
}

async function measureRound(
  job: JobDriver,
  round: number,
  { updates, seats, isPriced }: RoundSize,
): Promise<KindCost[]> {
  const costs: KindCost[] = [];
  const add = async <Item>(kind: string, items: Iterable<Item>, send: (item: Item) => Promise<TransactionResponse>) => {
    let [transactions, gas] = [0, 0];
    for (const item of items) {
      gas += Number((await (await send(item)).wait())?.gasUsed ?? 0n);
      transactions += 1;
    }
    costs.push({ kind, transactions, gas });
  };
  const places = [...Array(seats).keys()];
  const scores = Array.from({ length: updates }, (_, index) => 100 + index);
  const chunk = updatesPerTally(seats);
  // On own holdouts the chain knows no accuracy.
  const [baseScore, score] = isPriced ? [SCORES[round - 1] ?? 0, SCORES[round] ?? 0] : [0, 0];
  const release = { digest: digestOf(`model ${round}`), baseScore, score };
  await add("seal an update", job.world.trainers, (trainer) => job.commit(trainer, `${trainer.address} in ${round}`));
  await add("disclose an update", job.world.trainers, (trainer) => job.reveal(trainer));
  await add("draw the committee", [job], () => job.draw());
  await add("seal scores", places, (seat) => job.commitScores(seat, scores));
  await add("reveal scores", places, (seat) => job.revealScores(seat));
  await add("tally", Array(Math.ceil(updates / chunk)).keys(), () => job.tally(chunk));
  await add("attest", places, (seat) => job.attest(seat, release));
  await add("settle", [job], () => job.settle(release));
  // A price list pays a round once the next committee has confirmed it.
  const paid = isPriced ? round - 1 : round;
  const all = (1n << BigInt(updates)) - 1n;
  if (paid > 0) await add("credit trainers", [job], () => job.creditTrainers(paid, all));
  await add("credit validators", [job], () => job.creditValidators({ round, attempt: 1 }, (1n << BigInt(seats)) - 1n));
  return costs;
}

/** Gas of a round for each of its trainers. */
export function costPerTrainer(costs: readonly KindCost[], updates: number): number {
  return Math.round(costs.reduce((sum, { gas }) => sum + gas, 0) / updates);
}

/** A table of what the newest round of the default job costs each of its trainers, by kind of transaction. */
export function costTable(jobs: readonly MeasuredJob[]): string {
  const columns = jobs
    .filter(({ isPriced }) => isPriced)
    .map(({ updates, rounds }) => ({ updates, costs: rounds.at(-1) ?? [] }));
  const table = new Table({
    head: [`gas of round ${ROUNDS.at(-1)} for each trainer`, ...columns.map(({ updates }) => `${updates} updates`)],
    colAligns: ["left", ...columns.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  const whole = (gas: number) => Math.round(gas).toLocaleString("en-US");
  for (const [row, { kind }] of (columns[0]?.costs ?? []).entries()) {
    table.push([kind, ...columns.map(({ updates, costs }) => whole((costs[row]?.gas ?? 0) / updates))]);
  }
  table.push(["all", ...columns.map(({ updates, costs }) => whole(costPerTrainer(costs, updates)))]);
  return table.toString();
}
