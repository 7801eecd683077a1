/** How many of some samples a model labels correctly. */
export interface Accuracy {
  readonly correct: number;
  readonly count: number;
}

/** By how much a shard has to be harder than the public one before a worker leaves. */
const STANDARD_ERRORS = 4;
const SHARE = 0.05;

/**
 * Whether one model does so much worse on a round's shard than on the public one that chance does not explain it: by
 * 5 points and by 4 standard errors of the difference of two proportions. Then the initiator did not cut all shards
 * from the same samples. Pure.
 */
export function isHarderExam(shard: Accuracy, open: Accuracy): boolean {
  if (shard.count === 0 || open.count === 0) return false;
  const gap = open.correct / open.count - shard.correct / shard.count;
  const pooled = (shard.correct + open.correct) / (shard.count + open.count);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / shard.count + 1 / open.count));
  return gap >= SHARE && gap >= STANDARD_ERRORS * error;
}

/**
 * Returns the difference of accuracies, 0 to 1, from which a shard is recognised as harder, whatever the accuracies
 * are: 5 points, or 4 standard errors where those are most, at a pooled accuracy of a half. Pure.
 *
 * @param samples of each of the two shards
 */
export function recognisedGap(samples: number): number {
  return Math.min(1, Math.max(SHARE, STANDARD_ERRORS * Math.sqrt(0.25 * (2 / samples))));
}
