import { REWARD } from "../market.ts";
import type { Outcome, Purse, Scenario } from "../scenario.ts";
import { meanOf } from "../study.ts";

/** An amount as a share of the job's whole reward. */
export function shareOfReward(amount: bigint): number {
  return Number((amount * 1_000_000_000n) / REWARD) / 1e9;
}

/** Total pay of the agents that `picks` selects. */
export function paidTo(purses: readonly Purse[], picks: readonly boolean[]): bigint {
  return purses.reduce((sum, { paid }, at) => (picks[at] === true ? sum + paid : sum), 0n);
}

/** Dishonest trainers' share of all trainers' pay; 0 if nothing was paid. */
export function attackersShare(outcome: Outcome, scenario: Scenario): number {
  const all = paidTo(
    outcome.trainers,
    scenario.trainers.map(() => true),
  );
  const theirs = paidTo(
    outcome.trainers,
    scenario.trainers.map(({ honest }) => !honest),
  );
  return all === 0n ? 0 : Number((theirs * 1_000_000_000n) / all) / 1e9;
}

/** Number of slashes of honest validators. */
export function honestSlashes(outcome: Outcome, scenario: Scenario): number {
  return outcome.slashes.filter(({ validator }) => scenario.validators[validator]?.honest === true).length;
}

/** Mean of pay minus loss over the validators that `picks` selects, as a share of the reward. */
export function meanNet(outcome: Outcome, picks: readonly boolean[]): number {
  return meanOf(outcome.validators.filter((_, at) => picks[at]).map(({ paid, lost }) => shareOfReward(paid - lost)));
}

/** Mean pay of the validators that `picks` selects, as a share of the reward. */
export function meanPaid(outcome: Outcome, picks: readonly boolean[]): number {
  return meanOf(outcome.validators.filter((_, at) => picks[at]).map(({ paid }) => shareOfReward(paid)));
}
