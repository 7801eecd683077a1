import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { leastInitiatorBond } from "@commonweight/sdk/protocol/job-rules";
import { BPS } from "@commonweight/sdk/protocol/limits";
import { badShardCases, type BadShards } from "../../trainer/roles/initiator/bad-shards.ts";
import { withMarkedTable } from "../tables/marked-table.ts";

const ROUNDS = [3, 10, 30] as const;
/** Divides by all of the table's numbers, so that shares of it are exact. */
const REWARD = 10n ** 12n;
/** A job file that leaves all to defaults. */
const USUAL = "name: Usual\nmodel: linear\ndata: {folder: data}\nmoney: {reward: 1}\n";
const HEAD = [
  "Rounds",
  "Bad shards",
  "Chance of that",
  "The public one is bad",
  "Saved if workers leave",
  "Saved if nobody leaves",
  "Rounds not played",
  "Bond, at least",
];

/** Returns the page with the table between its markers as it has to be. */
export async function withShardTable(page: string): Promise<string> {
  return withMarkedTable(page, "shards", [HEAD, ...ROUNDS.flatMap(rowsOf)]);
}

/** Four rows; amounts in shares of the reward, with the validators' usual share. */
function rowsOf(rounds: number): readonly (readonly string[])[] {
  const { validatorShareBps } = parseJobFile(USUAL, "job.yaml").job.money;
  const trainers = (REWARD * BigInt(BPS - validatorShareBps)) / BigInt(BPS);
  const bond = ofReward(leastInitiatorBond(REWARD, rounds));
  const { one, last, half, all } = badShardCases({ rounds, trainers });
  const cells = (name: string, { chance, publicIsBad, saved, savedUnseen, lostRounds }: BadShards) => [
    ...[String(rounds), name, percent(chance), percent(publicIsBad)],
    ...[ofReward(saved), ofReward(savedUnseen), lostRounds.toFixed(1), bond],
  ];
  const shards = rounds + 1;
  return [
    cells(`one of ${shards}`, one),
    cells("one, drawn last", last),
    cells(`${half.bad} of ${shards}`, half),
    cells(`all ${shards}`, all),
  ];
}

function ofReward(amount: bigint): string {
  return percent(Number(amount) / Number(REWARD));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
