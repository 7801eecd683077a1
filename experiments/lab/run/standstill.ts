import type { StillPhase } from "../scenario.ts";
import type { Run } from "./post-scenario.ts";

/** In seconds: long enough for a phase without an end, and short of the time after which a job without a draw ends. */
const STILL_DRAW = 3_600;

/**
 * Lets a phase pass without a block where the scenario says that the chain stands still.
 *
 * @param attempt from 1; 0 before the draw
 * @returns whether it stood still
 */
export async function stoodStill(
  { job, scenario }: Pick<Run, "job" | "scenario">,
  phase: StillPhase,
  attempt: number,
): Promise<boolean> {
  if (scenario.standsStill?.(phase, Number(await job.round()), attempt) !== true) return false;
  await job.passTo(await endOf(job, phase));
  return true;
}

async function endOf(job: Run["job"], phase: StillPhase): Promise<number> {
  switch (phase) {
    case "training":
      return Number((await job.facts()).trainingEnd);
    case "disclosure":
      return Number((await job.facts()).disclosureEnd);
    case "opening":
      return Number((await job.facts()).disclosureEnd) + job.terms.disclosurePeriod;
    case "draw":
      return (await job.now()) + STILL_DRAW;
    case "scoring":
      return Number((await job.committee()).committee.facts.scoringEnd);
    case "reveal":
      return Number((await job.committee()).committee.facts.revealEnd);
    case "attestation":
      return Number((await job.committee()).committee.facts.attestationEnd);
    case "settlement":
      return job.settlementEnd();
  }
}
