import { ZeroHash } from "ethers";

import { fieldsOutOfRange, namesOf } from "./abi-field.ts";
import { JOB_PARAMS, type JobParams } from "./job-params.ts";
import { BPS, MAX_DURATION, MAX_MILESTONES, MIN_MILESTONES, MIN_SEALED_ROUNDS, MIN_SEATS } from "./limits.ts";

/** The contract's rules between parameters: the mirror of `contracts/libraries/JobRules.sol`. */
const RULES: Readonly<Partial<Record<keyof JobParams, (params: JobParams, time: number) => boolean>>> = {
  initiatorBond: ({ initiatorBond, holdout, reward, rounds }) =>
    holdout === "sealed" ? initiatorBond >= leastInitiatorBond(reward, rounds) : initiatorBond === 0n,
  minValidators: ({ minValidators, committeeSize }) => minValidators >= leastValidators(committeeSize),
  clusters: ({ clusters, holdout }) => !clusters || holdout !== "own",
  releaseCount: ({ releaseCount, sync }) => releaseCount === 0 || sync === "bap",
  releaseBps: ({ releaseBps, sync }) => releaseBps > 0 === (sync === "bap"),
  maxTolerance: ({ tolerance, maxTolerance, holdout }) =>
    holdout === "own" ? maxTolerance >= tolerance : maxTolerance === tolerance,
  targetScore: ({ targetScore, holdout }) => targetScore === 0 || holdout !== "own",
  minTraining: ({ minTraining, trainingPeriod }) => minTraining <= trainingPeriod,
  deadline: ({ deadline }, time) => deadline > time && deadline <= time + MAX_DURATION,
  // With one round the initiator would know which shard it is judged by.
  rounds: ({ rounds, holdout }) => holdout !== "sealed" || rounds >= MIN_SEALED_ROUNDS,
  holdoutRoot: ({ holdoutRoot, holdout }) => (holdoutRoot !== ZeroHash) === (holdout === "sealed"),
  milestones: isPriceList,
};

/**
 * Returns the parameters that the contract refuses, in the struct's order; empty if it accepts all.
 *
 * @param time of the block that posts the job, in seconds
 */
export function badParameters(params: JobParams, time: number): readonly (keyof JobParams)[] {
  const outside: readonly string[] = fieldsOutOfRange(JOB_PARAMS, params);
  return namesOf(JOB_PARAMS).filter((name) => outside.includes(name) || RULES[name]?.(params, time) === false);
}

/**
 * Returns the least bond of an initiator with a sealed holdout, in the token's smallest unit: one round's pay, rounded
 * up, which is the most that a shard that fails can save.
 */
export function leastInitiatorBond(reward: bigint, rounds: number): bigint {
  return (reward + BigInt(rounds) - 1n) / BigInt(rounds);
}

/**
 * Returns the least number of validators on the list without whom no round may open: more than half of the seats.
 * With fewer, whoever enlists first, and opens the round at once, is most of a small committee.
 */
export function leastValidators(committeeSize: number): number {
  return Math.max(MIN_SEATS, Math.floor(committeeSize / 2) + 1);
}

/**
 * A price list begins at share 0, ends at 10,000 and rises, strictly in the score. It needs contribution scores on a
 * common holdout.
 */
function isPriceList({ milestones, scoring, holdout }: JobParams): boolean {
  if (milestones.length === 0) return true;
  if (milestones.length < MIN_MILESTONES || milestones.length > MAX_MILESTONES) return false;
  if (scoring !== "contribution" || holdout === "own") return false;
  if (milestones[0]?.shareBps !== 0 || milestones.at(-1)?.shareBps !== BPS) return false;
  return milestones.every(({ scoreBps, shareBps }, index) => {
    const before = milestones[index - 1];
    return before === undefined || (scoreBps > before.scoreBps && shareBps >= before.shareBps);
  });
}
