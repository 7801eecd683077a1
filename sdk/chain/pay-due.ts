import type { AccountPart, BlockRange } from "./account-parts.ts";
import type { Contracts } from "./contracts.ts";
import { shareOf } from "../protocol/payouts.ts";

/** Pay that an account has earned but is not yet credited. Amounts in the token's smallest unit. */
export type PayDue =
  | {
      readonly kind: "trainer";
      readonly jobId: bigint;
      readonly round: number;
      readonly token: string;
      /** Bit j: update j. */
      readonly updates: bigint;
      readonly amount: bigint;
    }
  | {
      readonly kind: "validator";
      readonly jobId: bigint;
      readonly round: number;
      readonly attempt: number;
      readonly token: string;
      /** Bit i: seat i. */
      readonly seats: bigint;
      readonly amount: bigint;
    };

/**
 * Finds all pay due to an account over all rounds of its jobs.
 *
 * @param range from the block of the deployment to the block to read at
 */
export async function findPayDue(
  contracts: Contracts,
  account: string,
  parts: readonly AccountPart[],
  range: BlockRange,
): Promise<readonly PayDue[]> {
  const found = await Promise.all(
    parts.map(async (part) => [
      ...(part.isTrainer ? await trainerDues(contracts, account, part.jobId, range) : []),
      ...(part.isValidator ? await validatorDues(contracts, account, part.jobId, range) : []),
    ]),
  );
  return found.flat().filter(({ amount }) => amount > 0n);
}

async function trainerDues(
  { market, lifecycle, rounds, book }: Contracts,
  account: string,
  jobId: bigint,
  { from, to }: BlockRange,
): Promise<PayDue[]> {
  const at = { blockTag: to };
  const revealed = await rounds.queryFilter(rounds.filters.UpdateRevealed(jobId, undefined, account), from, to);
  const token = await book.tokenOf(jobId, at);
  return Promise.all(
    revealed.map(async ({ args: { round, index } }): Promise<PayDue> => {
      const { earned, credited, attempt } = await market.trainersPayOf(jobId, round, at);
      const isOpen = earned > 0n && !hasBit(credited, index);
      const weights = isOpen ? await lifecycle.weightsOf(jobId, round, attempt, at) : [];
      const before = sum(weights.slice(0, Number(index)));
      const upTo = before + (weights[Number(index)] ?? 0n);
      const amount = isOpen ? shareOf(earned, before, upTo, sum(weights)) : 0n;
      return { kind: "trainer", jobId, round: Number(round), token, updates: 1n << index, amount };
    }),
  );
}

async function validatorDues(
  { market, book, panel }: Contracts,
  account: string,
  jobId: bigint,
  { from, to }: BlockRange,
): Promise<PayDue[]> {
  const at = { blockTag: to };
  const [scored, attested, token] = await Promise.all([
    panel.queryFilter(panel.filters.ScoresRevealed(jobId, undefined, account), from, to),
    panel.queryFilter(panel.filters.ModelAttested(jobId, undefined, account), from, to),
    book.tokenOf(jobId, at),
  ]);
  const attempts = new Map(
    [...scored, ...attested].map(({ args: { round, attempt } }) => [`${round}/${attempt}`, { round, attempt }]),
  );
  return Promise.all(
    [...attempts.values()].map(async ({ round, attempt }): Promise<PayDue> => {
      const pay = await market.validatorsPayOf(jobId, round, attempt, at);
      const [validators, amounts] = await panel.sharesOf(jobId, round, attempt, pay.quality, pay.attestation, at);
      const seat = validators.indexOf(account);
      const isOpen = seat !== -1 && !hasBit(pay.credited, BigInt(seat));
      return {
        kind: "validator",
        jobId,
        round: Number(round),
        attempt: Number(attempt),
        token,
        seats: isOpen ? 1n << BigInt(seat) : 0n,
        amount: isOpen ? (amounts[seat] ?? 0n) : 0n,
      };
    }),
  );
}

function hasBit(bits: bigint, place: bigint): boolean {
  return ((bits >> place) & 1n) === 1n;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
