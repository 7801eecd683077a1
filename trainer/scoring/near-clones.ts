import type { Rational } from "../aggregation/rational.ts";

/** Predicted class of every sample of the holdout, in the holdout's order. */
export type Labels = Uint16Array;

/** Threshold from which two updates count as near-clones. */
export interface NearCloneRule {
  /** Minimum similarity, above 0 and at most 1. */
  readonly theta: Rational;
  /** Minimum number of samples that at least one of the two gets wrong, 1 or more: fewer are no evidence. */
  readonly leastErrors: number;
}

/** Predictions of a round's updates, and the rule for comparing them. */
export interface NearCloneRequest {
  /**
   * Predictions of base + update, in the order of the chain's list; `undefined` for an update without finite
   * predictions.
   */
  readonly predictions: readonly (Labels | undefined)[];
  /** Labels to compare predictions with: the holdout's, or the base model's predictions. See `jaccardOfErrors`. */
  readonly reference: Labels;
  /** Place of each update's commitment in the round's order on chain: smaller is earlier. */
  readonly order: readonly number[];
  readonly rule: NearCloneRule;
}

/**
 * Similarity of two models' errors: the number of samples where both are wrong with the same label, divided by the
 * number where at least one is wrong.
 *
 * 0 if neither is ever wrong, at most 1. 1 minus it is a distance: `J(a, b) >= J(a, h) + J(h, b) - 1`, so two models
 * with similarity theta to a third one have a similarity of at least 2 theta - 1.
 *
 * With the base model's predictions in place of the labels, it measures how similarly two updates change them.
 *
 * @returns numbers of samples, not reduced; the denominator is 1 if neither is ever wrong
 * @throws RangeError the lengths differ
 */
export function jaccardOfErrors(predictionsA: Labels, predictionsB: Labels, labels: Labels): Rational {
  if (predictionsA.length !== labels.length || predictionsB.length !== labels.length) {
    throw new RangeError(`${predictionsA.length} and ${predictionsB.length} predictions for ${labels.length} samples`);
  }
  let [shared, union] = [0, 0];
  for (let at = 0; at < labels.length; at++) {
    const [a, b, right] = [predictionsA[at], predictionsB[at], labels[at]];
    if (a === right && b === right) continue;
    union++;
    if (a === b) shared++;
  }
  return { numerator: BigInt(shared), denominator: BigInt(Math.max(union, 1)) };
}

/**
 * Whether two updates of this similarity are near-clones. Exact: compares products of integers.
 *
 * @param similarity from `jaccardOfErrors`, not reduced
 */
export function isNearClone(similarity: Rational, { theta, leastErrors }: NearCloneRule): boolean {
  if (similarity.denominator < BigInt(leastErrors)) return false;
  return similarity.numerator * theta.denominator >= theta.numerator * similarity.denominator;
}

/**
 * Finds each update's leader: the earliest-committed near-clone that was committed before it. An update without one is
 * its own leader. So is an update without predictions, which leads no other.
 *
 * Exact: validators with the same predictions find the same leaders.
 *
 * @returns for each update its leader's index in the chain's list
 * @throws RangeError theta is not in (0, 1], leastErrors is not a positive integer, or the lengths differ
 */
export function leadersOf(request: NearCloneRequest): readonly number[] {
  const { predictions, order, rule } = request;
  const { theta, leastErrors } = rule;
  if (order.length !== predictions.length)
    throw new RangeError(`${order.length} places, ${predictions.length} updates`);
  if (theta.numerator <= 0n || theta.numerator > theta.denominator) {
    throw new RangeError(`theta ${theta.numerator} / ${theta.denominator} is not in (0, 1]`);
  }
  if (!Number.isSafeInteger(leastErrors) || leastErrors < 1) throw new RangeError(`leastErrors is ${leastErrors}`);
  const earliestFirst = [...order.keys()].sort((a, b) => order[a]! - order[b]!);
  return predictions.map((own, index) => {
    if (own === undefined) return index;
    const leader = earliestFirst.find((other) => {
      const theirs = predictions[other];
      if (theirs === undefined || order[other]! >= order[index]!) return false;
      return isNearClone(jaccardOfErrors(theirs, own, request.reference), rule);
    });
    return leader ?? index;
  });
}
