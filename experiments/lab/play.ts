import { earnedAt } from "@commonweight/sdk/protocol/payouts";
import { REWARD, type Market } from "./market.ts";
import {
  attestationPhase,
  drawPhase,
  revealPhase,
  scoringPhase,
  settlementPhase,
  tallyPhase,
} from "./committee-phases.ts";
import { creditAll, requireBalanced, trainerPurse, validatorPurse } from "./purses.ts";
import { noteEvents, postScenario, testAccuracy, type RunState } from "./run-state.ts";
import type { Outcome, Purse, Scenario } from "./scenario.ts";
import { VALIDATOR_SHARE_BPS } from "./terms.ts";
import { disclosurePhase, trainingPhase } from "./training-phases.ts";

/** More steps than any job of a scenario takes: a job that hangs is an error, not a run without end. */
const MOST_STEPS = 5_000;

/** Plays one scenario with one seed until the job is closed, by transactions of its agents and a stranger alone. */
export async function play(market: Market, scenario: Scenario, seed: number): Promise<Outcome> {
  const run = await postScenario(market, scenario, seed);
  for (let step = 0; step < MOST_STEPS; step++) {
    const phase = await run.job.phase();
    switch (phase) {
      case "waiting":
        await waitingPhase(run);
        break;
      case "training":
        await trainingPhase(run);
        break;
      case "disclosure":
        await disclosurePhase(run);
        break;
      case "draw":
        if (!(await drawPhase(run))) await closeStuck(run);
        break;
      case "scoring":
        await scoringPhase(run);
        break;
      case "reveal":
        await revealPhase(run);
        break;
      case "tally":
        await tallyPhase(run);
        break;
      case "attestation":
        await attestationPhase(run);
        break;
      case "settlement":
        await settlementPhase(run);
        break;
      case "closed":
        return outcomeOf(run);
      case "none":
        throw new Error("there is no such job");
    }
  }
  throw new Error(`seed ${seed}: the job is not over after ${MOST_STEPS} steps`);
}

/** Opens the next round, or closes a job that has none, if need be after its deadline. */
async function waitingPhase(run: RunState): Promise<void> {
  const { job } = run;
  const state = await job.view<{
    round: bigint;
    cancelled: boolean;
    members: bigint;
    terms: { rounds: bigint; deadline: bigint };
  }>("rounds", "jobOf");
  const isOver =
    state.cancelled || state.round >= state.terms.rounds || BigInt(job.market.chain.now) >= state.terms.deadline;
  if (isOver) {
    noteEvents(run, await job.byAnyone("rounds", "closeJob"));
  } else if (state.members > 0n) {
    await job.byAnyone("rounds", "openRound");
  } else await job.passTo(state.terms.deadline);
}

/** With fewer than three validators nobody scores any more: the deadline ends it. */
async function closeStuck(run: RunState): Promise<void> {
  const { terms } = await run.job.view<{ terms: { deadline: bigint } }>("rounds", "jobOf");
  await run.job.passTo(terms.deadline);
  noteEvents(run, await run.job.byAnyone("rounds", "closeJob"));
}

/** What the price list says that trainers have earned at a score; 0 without one. */
function earnedBy({ milestones, marginBps }: RunState, score: number): bigint {
  const trainersReward = REWARD - (REWARD * BigInt(VALIDATOR_SHARE_BPS)) / 10_000n;
  return milestones.length === 0 ? 0n : earnedAt(milestones, trainersReward, score, marginBps);
}

async function outcomeOf(run: RunState): Promise<Outcome> {
  const { job, trainers, validators, stakes } = run;
  const { market, id } = job;
  const { round } = await job.view<{ round: bigint }>("rounds", "jobOf");
  await creditAll(market, id, Number(round), trainers);
  const purses: Purse[] = [];
  for (const trainer of trainers) purses.push(await trainerPurse(market, trainer, id, run.forfeited.has(trainer)));
  const seats: Purse[] = [];
  for (const [at, validator] of validators.entries())
    seats.push(await validatorPurse(market, validator, id, stakes[at]!));
  const refunded = await market.view<bigint>(
    "market",
    "withdrawable",
    market.deployment.wrappedNative,
    market.initiator,
  );
  const bond =
    run.scenario.terms.holdout === "sealed"
      ? await market.view<bigint>("market", "burned", market.deployment.wrappedNative)
      : 0n;
  requireBalanced(purses, seats, run.refunded, run.slashes);
  return {
    ...{ records: run.records, trainers: purses, validators: seats, slashes: run.slashes },
    ...{ refunded, initiatorLost: bond, model: run.base, accuracy: testAccuracy(run), best: run.best },
    owed: earnedBy(run, run.best),
    reached: earnedBy(run, Math.max(0, ...run.records.map(({ score }) => score))),
    settled: run.records.filter(({ outcome, updates }) => outcome === "settled" && updates.length > 0).length,
  };
}
