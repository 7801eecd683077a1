import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { resolveJobFile, resolveModel } from "@commonweight/sdk/job-file/resolve-job-file";
import { quoteJob } from "../../../trainer/roles/initiator/quote.ts";

/** Reward of the job whose other terms are a job file's defaults; so an amount is also a share in thousandths. */
export const REWARD = 1_000;
/** Trainers that disclose in a round, those of the party included. */
export const TRAINERS = 8;
/** Seconds between two blocks. */
const BLOCK_TIME = 12;
/** Blocks for which a block's hash can be read. */
const HASH_LIFE = 256;
const DAY = 86_400;
const FILE = `name: Seed\nmodel: linear\ndata: {folder: digits}\nmoney: {reward: ${REWARD}}\n`;

/** Smallest units of a coin. */
const COIN = 100;
const HOLDOUT = 360;

const { job } = parseJobFile(FILE, "job.yaml");
const { terms } = resolveJobFile(job, {
  model: resolveModel(job, { inputShape: [64], classes: 10 }),
  holdoutSamples: HOLDOUT,
  tokenAddress: `0x${"1".repeat(40)}`,
  tokenFormat: { decimals: 2, symbol: "COIN" },
  now: 0,
});
const quote = quoteJob({
  ...{ terms, initialScoreBps: undefined, holdoutSamples: HOLDOUT, parts: 8, warnings: [], shortPeriods: [] },
});
const coins = (amount: bigint) => Number(amount) / COIN;

export const SEATS = terms.committeeSize;
export const BOND = coins(terms.bond);
export const LOCK = coins(terms.seatLock);
/** What one trainer's update, and one seat, are paid in a round on average. */
export const UPDATE_PAY = coins(quote.trainers) / terms.rounds / TRAINERS;
export const SEAT_PAY = coins(quote.validatorsPerRound) / SEATS;
/** What a majority of one committee, and of two in a row, can direct to itself. */
export const PRIZES = [quote.corruption.canTakeInOneRound, quote.corruption.canTakeInTwoRounds].map(coins);
/** Blocks of Disclosure. */
export const DISCLOSURE_BLOCKS = terms.disclosurePeriod / BLOCK_TIME;
/** How often a draw under the old rule could be armed in a day. */
export const ARMINGS_A_DAY = Math.floor(DAY / (HASH_LIFE * BLOCK_TIME));
