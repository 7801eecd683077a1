import { earnedAt } from "@commonweight/sdk/protocol/payouts";
import { accuracyOf } from "../learner.ts";
import { REWARD, type Market } from "../market.ts";
import type { ChainEvent } from "../driver/virtual-chain.ts";
import type { Outcome, Scenario } from "../scenario.ts";
import { VALIDATOR_SHARE_BPS, type Terms } from "../terms.ts";
import { playAttempt } from "./attempt.ts";
import { emptyHistory, withEvents, type History } from "./history.ts";
import { postScenario, type Run } from "./post-scenario.ts";
import { creditEveryone, requireBalanced, trainerPurses, validatorPurses } from "./purses.ts";
import { stoodStill } from "./standstill.ts";
import { disclosurePhase, trainingPhase } from "./training-phases.ts";

/** More steps than any scenario takes, so that a job that hangs ends with an error. */
const MOST_STEPS = 5_000;

/** Runs one scenario with one seed until the job is closed; only its agents and a stranger send transactions. */
export async function play(market: Market, scenario: Scenario, seed: number): Promise<Outcome> {
  const run = await postScenario(market, scenario, seed);
  let history = emptyHistory(run.world.initial);
  for (let step = 0; step < MOST_STEPS; step++) {
    if ((await run.job.phase()) === "closed") return outcomeOf(run, history);
    history = await playStep(run, history);
  }
  throw new Error(`seed ${seed}: the job is not over after ${MOST_STEPS} steps`);
}

/** Runs the next step: a training or disclosure phase, a whole attempt, or the end of the job. */
async function playStep(run: Run, history: History): Promise<History> {
  const { job, validators } = run;
  const noted = async (events: readonly ChainEvent[], before = history) =>
    withEvents(before, events, { validators, round: Number(await job.round()) });
  const phase = await job.phase();
  switch (phase) {
    case "waiting":
      return noted(await waitingPhase(run));
    case "training":
      return noted(await trainingPhase(run, history));
    case "disclosure": {
      const { events, silent } = await disclosurePhase(run);
      return noted(events, { ...history, forfeited: new Set([...history.forfeited, ...silent]) });
    }
    case "draw":
      await stoodStill(run, "draw", Number(await job.attempt()) + 1);
      return (await playAttempt(run, history)) ?? noted(await closeStuck(run));
    // `playAttempt` never returns in these phases, and a closed job has no further step.
    case "scoring":
    case "reveal":
    case "tally":
    case "attestation":
    case "settlement":
    case "closed":
    case "none":
      throw new Error(`no step begins in ${phase}`);
  }
}

/** Opens the next round; closes the job if it has no more rounds; passes the deadline if it has no members. */
async function waitingPhase({ job, market }: Pick<Run, "job" | "market">): Promise<readonly ChainEvent[]> {
  const [{ cancelled, terms }, { round, members }] = await Promise.all([job.job(), job.calls.roster()]);
  if (cancelled || round >= terms.rounds || BigInt(market.chain.now) >= terms.deadline) await job.close();
  else if (members > 0n) await job.open();
  else {
    await job.passDeadline();
    return [];
  }
  return market.chain.block();
}

/** With fewer than three validators nobody scores any more: the job ends once a round's periods have passed. */
async function closeStuck({ job, market }: Pick<Run, "job" | "market">): Promise<readonly ChainEvent[]> {
  await job.passTo(market.chain.now + Number(await job.calls.grace()));
  await job.close();
  return market.chain.block();
}

/** Trainers' earnings at a score by the price list; 0 without one. */
function earnedBy({ milestones, margin }: Terms, score: number): bigint {
  const trainersReward = REWARD - (REWARD * BigInt(VALIDATOR_SHARE_BPS)) / 10_000n;
  return milestones.length === 0 ? 0n : earnedAt(milestones, trainersReward, score, margin);
}

async function outcomeOf(run: Run, history: History): Promise<Outcome> {
  const { job, market, scenario, world } = run;
  const { records, slashes, model, best, refunded: returned } = history;
  await creditEveryone(run);
  const trainers = await trainerPurses(run, history.forfeited);
  const validators = await validatorPurses(run);
  requireBalanced({ trainers, validators, refunded: returned, slashes });
  const { contracts, token, initiator } = market;
  const refunded = await contracts.market.withdrawable(token, initiator.address);
  return {
    ...{ records, trainers, validators, slashes, refunded, model, best },
    initiatorLost: scenario.terms.holdout === "sealed" ? await contracts.market.burned(token) : 0n,
    accuracy: accuracyOf(model, world.test),
    owed: earnedBy(job.terms, best),
    reached: earnedBy(job.terms, Math.max(0, ...records.map(({ score }) => score))),
    settled: records.filter(({ outcome, updates }) => outcome === "settled" && updates.length > 0).length,
  };
}
