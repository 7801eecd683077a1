import type { Contracts } from "./contracts.ts";
import { readRound } from "./read-job.ts";

/** One call that credits pay to an account: `creditTrainers` or `creditValidators` with these values. */
export type Credit =
  | { readonly label: "creditTrainers"; readonly values: readonly [jobId: bigint, round: number, updates: bigint] }
  | {
      readonly label: "creditValidators";
      readonly values: readonly [jobId: bigint, round: number, attempt: number, seats: bigint];
    };

/** Finds all pay of a job that an account has earned and nobody has credited yet: one credit a round and part. */
export async function findPayDue(
  contracts: Contracts,
  jobId: bigint,
  account: string,
  blockTag: number,
): Promise<readonly Credit[]> {
  const { round: rounds } = await contracts.market.jobOf(jobId, { blockTag });
  const credits: Credit[] = [];
  for (let round = 1; round <= Number(rounds); round++) {
    credits.push(
      ...(await trainerCredits(contracts, jobId, round, account, blockTag)),
      ...(await validatorCredits(contracts, jobId, round, account, blockTag)),
    );
  }
  return credits;
}

async function trainerCredits(
  contracts: Contracts,
  jobId: bigint,
  number: number,
  account: string,
  blockTag: number,
): Promise<readonly Credit[]> {
  const { updates, result } = await readRound(contracts, jobId, number, blockTag);
  if (result.trainerPay === 0n) return [];
  const bits = bitsOf(updates.map(({ trainer }) => trainer === account)) & ~result.credited;
  return bits === 0n ? [] : [{ label: "creditTrainers", values: [jobId, number, bits] }];
}

async function validatorCredits(
  contracts: Contracts,
  jobId: bigint,
  number: number,
  account: string,
  blockTag: number,
): Promise<readonly Credit[]> {
  const credits: Credit[] = [];
  const at = { blockTag };
  for (const attempt of [1, 2]) {
    const pay = await contracts.market.attemptPayOf(jobId, number, attempt, at);
    if (pay.quality + pay.attestation === 0n) continue;
    const [, seats] = await contracts.panel.committeeOf(jobId, number, attempt, at);
    const bits = bitsOf(seats.map(({ validator }) => validator === account)) & ~pay.credited;
    if (bits !== 0n) credits.push({ label: "creditValidators", values: [jobId, number, attempt, bits] });
  }
  return credits;
}

function bitsOf(flags: readonly boolean[]): bigint {
  return flags.reduce((bits, flag, index) => (flag ? bits | (1n << BigInt(index)) : bits), 0n);
}
