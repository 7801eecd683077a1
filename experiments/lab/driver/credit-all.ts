import type { DrivenTerms, JobDriver } from "./job-driver.ts";

const ALL_UPDATES = (1n << 64n) - 1n;
const ALL_SEATS = (1n << 32n) - 1n;

/** Credits all trainers and validators with their pay, with calls from a stranger. */
export async function creditAll<Sent>(job: JobDriver<DrivenTerms, Sent>): Promise<void> {
  const last = Number(await job.round());
  for (let round = 1; round <= last; round++) {
    if ((await job.trainersPay(BigInt(round))).earned > 0n) await job.creditTrainers(round, ALL_UPDATES);
    for (const attempt of [1, 2]) {
      const pay = await job.calls.validatorsPay({ round, attempt });
      if (pay.quality + pay.attestation > 0n) await job.creditValidators({ round, attempt }, ALL_SEATS);
    }
  }
}
