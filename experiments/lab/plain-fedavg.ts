import { hashStream } from "../../trainer/random/hash-stream.ts";
import type { Weights } from "../../trainer/model/tensors.ts";
import { meanOf } from "../../trainer/aggregation/vectors/mean.ts";
import { learn } from "./learner.ts";
import { TRAINING, type World } from "./world.ts";

/**
 * Federated averaging without a market (McMahan et al. 2017, arXiv 1602.05629): the same data partition, learner and
 * seeds, but no clipping, scores or committee.
 */
export function plainFedAvg({ initial, parts }: World, rounds: number, seed: number): Weights {
  let base = initial;
  for (let round = 1; round <= rounds; round++) {
    const updates = parts.map((part, index) =>
      learn(base, part, { ...TRAINING, seed: lessonSeed(seed, round, index) }),
    );
    base = meanOf(base, updates, updates.length);
  }
  return base;
}

/** Seed for the order of samples of one part in one round. */
export function lessonSeed(seed: number, round: number, part: number): number {
  return hashStream("incentives", `${seed}/${round}/${part}`).uint32();
}
