import type { TransactionResponse } from "ethers";
import { artifacts, network } from "hardhat";

import { DEPLOYED } from "../../../tools/build/compiled-code.ts";
import { digestOf } from "../../helpers/contracts/commitments.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { budgetTerms } from "../../helpers/contracts/job-params.ts";
import { deployedMarket } from "../../helpers/contracts/world.ts";
import { updatesPerTally } from "../../../trainer/roles/worker/duties.ts";
import { costPerTrainer, measureJobs, type MeasuredJob } from "./round-costs.ts";
import { at, openChain } from "../../helpers/contracts/chain.ts";

/** One measured figure and its target. */
export interface GasRow {
  readonly name: string;
  readonly measured: number;
  readonly target: number;
  readonly unit: "gas" | "bytes";
}

export const TRANSACTION_CAP = 8_000_000;
/** Numbers of participants for which a transaction must cost the same gas. */
const CROWDS = [10, 100, 1_000] as const;
const CODE_CAP = 18_000;
export const INIT_CODE_CAP = 49_152;

/** Measures every transaction of a round, first with 16 updates and 7 seats, then at the caps of 64 and 31. */
export async function measureGas(): Promise<GasRow[]> {
  return gasRows(await measureJobs());
}

/** The same, with what was measured of whole jobs by `measureJobs`. */
export async function gasRows(jobs: readonly MeasuredJob[]): Promise<GasRow[]> {
  return [
    ...(await measureRound(16, 7, "")),
    ...(await measureRound(64, 31, " at caps")),
    ...(await measureCrowds()),
    ...jobs.flatMap(trainersParts),
    ...(await measureSizes()),
  ];
}

/** What all parties spend on each round of a job, for each of its trainers. */
function trainersParts({ updates, isPriced, rounds }: MeasuredJob): readonly GasRow[] {
  return rounds.map((costs, index) => ({
    name: `a trainer's part of round ${index + 1}, ${updates} updates, ${isPriced ? "a price list" : "trust"}`,
    measured: costPerTrainer(costs, updates),
    // Of a round that uses the slots of the rounds before, in the default job.
    target: updates === 16 && isPriced && index + 1 === rounds.length ? 300_000 : TRANSACTION_CAP,
    unit: "gas",
  }));
}

async function measureRound(updates: number, seats: number, label: string): Promise<GasRow[]> {
  const rows: GasRow[] = [];
  const add = (name: string, measured: number, target = TRANSACTION_CAP) =>
    rows.push({ name: name + label, measured, target, unit: "gas" });
  const chain = await openChain(2 + updates + seats);
  const world = await deployedMarket(chain, { trainers: updates, validators: seats });
  const token = await world.token.getAddress();
  const terms = budgetTerms(token, await chain.helpers.time.latest(), {
    committeeSize: seats,
    rounds: 3,
    trainingPeriod: 100_000,
    scoringPeriod: 100_000,
    revealPeriod: 100_000,
    attestationPeriod: 100_000,
    deadline: (await chain.helpers.time.latest()) + 10_000_000,
  });
  const places = [...Array(seats).keys()];
  add("post a job", await gasOf(JobDriver.sendPost(world, terms)));
  const job = await JobDriver.newest(world, terms);

  add("join", await mostOf(world.trainers, async (trainer) => gasOfAll(await job.join(trainer))));
  add("stake", await mostOf(world.validators, async (validator) => gasOfAll(await job.stake(validator))));
  add("enlist", await mostOf(world.validators, async (validator) => gasOfAll(await job.enlistStaked(validator))));
  add("open a round", await gasOf(job.open()));
  const seal = await mostOf(world.trainers, (trainer) => gasOf(job.commit(trainer, `update of ${trainer.address}`)));
  add("seal an update", seal, 60_000);
  add("disclose an update", await mostOf(world.trainers, (trainer) => gasOf(job.reveal(trainer))));
  add("draw the committee", await gasOf(job.draw()));
  const scores = Array.from({ length: updates }, (_, index) => 100 + index);
  const sealScores = await mostOf(places, (seat) => gasOf(job.commitScores(seat, spread(scores, seat))));
  add("seal scores", sealScores, 60_000);
  const reveal = await mostOf(places, (seat) => gasOf(job.revealScores(seat)));
  add(`reveal ${updates} scores`, reveal, updates === 16 ? 65_000 : TRANSACTION_CAP);
  // In chunks, as workers do: all 64 updates at 31 seats exceed the limit of one transaction.
  const chunk = Math.min(updates, updatesPerTally(seats));
  const tally = await mostOf([...Array(Math.ceil(updates / chunk)).keys()], () => gasOf(job.tally(chunk)));
  add(`tally ${chunk} updates`, tally);
  add("tally, an update", Math.ceil(tally / chunk), seats === 7 ? 60_000 : TRANSACTION_CAP);
  const release = { digest: digestOf("model"), baseScore: 0, score: 0 };
  add("attest", await mostOf(places, (seat) => gasOf(job.attest(seat, release))), 60_000);
  add("settle", await gasOf(job.settle(release)));
  add("credit all trainers", await gasOf(job.creditTrainers(1, (1n << BigInt(updates)) - 1n)));
  const first = { round: 1, attempt: 1 };
  add("credit all validators", await gasOf(job.creditValidators(first, (1n << BigInt(seats)) - 1n)));
  const trainer = at(world.trainers, updates - 1);
  add("withdraw", await gasOf(job.withdraw(trainer)), 65_000);
  add("leave", await gasOf(job.leave(trainer)));
  await job.passTraining();
  add("cancel and close", await gasOf(job.cancel()));
  return rows;
}

async function gasOf(sending: Promise<TransactionResponse>): Promise<number> {
  return Number((await (await sending).wait())?.gasUsed ?? 0n);
}

/** The largest gas among transactions. */
function gasOfAll(sent: readonly TransactionResponse[]): Promise<number> {
  return mostOf(sent, (response) => gasOf(Promise.resolve(response)));
}

/** The largest of some figures, measured one after the other. */
async function mostOf<Item>(items: readonly Item[], figureOf: (item: Item) => Promise<number>): Promise<number> {
  let largest = 0;
  for (const item of items) largest = Math.max(largest, await figureOf(item));
  return largest;
}

/** Measures transactions that must not depend on the crowd with 10, 100 and 1,000 members and validators. */
async function measureCrowds(): Promise<GasRow[]> {
  const rows: GasRow[] = [];
  for (const crowd of CROWDS) rows.push(...(await measureCrowd(crowd)));
  return rows;
}

async function measureCrowd(crowd: number): Promise<GasRow[]> {
  const chain = await openChain(2 + 2 * crowd);
  const world = await deployedMarket(chain, { trainers: crowd, validators: crowd });
  const token = await world.token.getAddress();
  const now = await chain.helpers.time.latest();
  const job = await JobDriver.post(
    world,
    budgetTerms(token, now, { trainingPeriod: 100_000, deadline: now + 10_000_000 }),
  );
  const rows: GasRow[] = [];
  const add = async (name: string, gas: Promise<number>) => {
    rows.push({
      name: `${name}, ${crowd.toLocaleString("en-US")} participants`,
      measured: await gas,
      target: TRANSACTION_CAP,
      unit: "gas",
    });
  };
  await job.join(...world.trainers.slice(1));
  await job.stake(...world.validators);
  await job.enlistStaked(...world.validators.slice(1));
  await add("join", job.join(at(world.trainers, 0)).then(gasOfAll));
  await add("enlist", job.enlistStaked(at(world.validators, 0)).then(gasOfAll));
  await add("open a round", gasOf(job.open()));
  const last = at(world.trainers, crowd - 1);
  await add("seal an update", gasOf(job.commit(last, "an update")));
  await add("leave", gasOf(job.leave(at(world.trainers, 1))));
  await job.passTraining();
  await add("disclose an update", gasOf(job.reveal(last)));
  await add("draw the committee", gasOf(job.draw()));
  await add("cancel", gasOf(job.cancel()));
  return rows;
}

/** Varies scores by a unit between seats, so that the contract's sort has work to do. */
function spread(scores: readonly number[], seat: number): number[] {
  return scores.map((score, index) => score + ((seat * 7 + index * 3) % 5));
}

async function measureSizes(): Promise<GasRow[]> {
  const { ethers } = await network.connect();
  const rows: GasRow[] = [];
  const sizeOf = (code: string) => (code.length - 2) / 2;
  for (const name of Object.values(DEPLOYED)) {
    const artifact = await artifacts.readArtifact(name);
    rows.push({ name: `${name}, code`, measured: sizeOf(artifact.deployedBytecode), target: CODE_CAP, unit: "bytes" });
  }
  // The largest creation code: `TrainingRounds` also creates `TrustBook`.
  const { bytecode } = await ethers.getContractFactory("TrainingRounds");
  rows.push({ name: "TrainingRounds, init code", measured: sizeOf(bytecode), target: INIT_CODE_CAP, unit: "bytes" });
  return rows;
}

/** File of the measured figures; `test/contracts/gas.test.ts` asserts that they change by at most 2 %. */
export const GAS_SNAPSHOT = new URL("../../../contracts/gas-snapshot.json", import.meta.url);

/** Names of the rows whose gas varies with the crowd by more than 1 %, a tolerance for non-zero calldata bytes. */
export function notFlat(rows: readonly GasRow[]): readonly string[] {
  const ofCrowds = rows.filter(({ name }) => name.endsWith(" participants"));
  return [...Map.groupBy(ofCrowds, ({ name }) => name.split(", ")[0] ?? name)].flatMap(([kind, alike]) => {
    const figures = alike.map(({ measured }) => measured);
    return Math.max(...figures) > 1.01 * Math.min(...figures) ? [kind] : [];
  });
}
