import type { Rational } from "../aggregation/rational.ts";

/** Predicted class of every sample of the holdout, in the holdout's order. */
export type Labels = Uint16Array;

/** From when on two updates count as one. */
export interface NearCloneRule {
  /** Least similarity, above 0 and at most 1. */
  readonly theta: Rational;
  /** Samples that at least one of the two must have wrong, 1 or more: fewer say nothing. */
  readonly leastErrors: number;
}

/** What the updates of a round answer. */
export interface NearCloneRequest {
  /**
   * Predictions of base + update, in the order of the chain's list; `undefined` where an update was not scored with a
   * number.
   */
  readonly predictions: readonly (Labels | undefined)[];
  /**
   * What predictions are compared against: the holdout's labels, or the base's own predictions. See `jaccardOfErrors`.
   */
  readonly reference: Labels;
  /** Place of each update's commitment in the round's order, as the chain gives it: the smaller is the earlier. */
  readonly order: readonly number[];
  readonly rule: NearCloneRule;
}

/**
 * How alike two models err: samples where both are wrong with the same label, over samples where at least one is wrong.
 *
 * 0 where nobody is wrong: there is nothing to tell clones by, and nobody is accused. Never above 1, and 1 minus it is
 * a distance: `J(a, b) >= J(a, h) + J(h, b) - 1`, so two that resemble one model h to a share of theta resemble each
 * other to 2 theta - 1.
 *
 * With the base model's predictions in place of the labels it measures how alike two updates *changed* the base's
 * answers.
 *
 * @returns counts of samples, not reduced; the denominator is 1 where nobody is wrong
 * @throws RangeError when the lengths differ
 */
export function jaccardOfErrors(predictionsA: Labels, predictionsB: Labels, labels: Labels): Rational {
  if (predictionsA.length !== labels.length || predictionsB.length !== labels.length) {
    throw new RangeError(`${predictionsA.length} and ${predictionsB.length} predictions of ${labels.length} samples`);
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
 * Whether two updates that err so much alike count as one: integers are multiplied, nothing is divided or rounded.
 *
 * @param similarity as `jaccardOfErrors` gives it, not reduced
 */
export function isNearClone(similarity: Rational, { theta, leastErrors }: NearCloneRule): boolean {
  if (similarity.denominator < BigInt(leastErrors)) return false;
  return similarity.numerator * theta.denominator >= theta.numerator * similarity.denominator;
}

/**
 * Names for each update the earliest-committed one that it nearly copies: committed before it, with a similarity of at
 * least theta on enough samples. An update without one leads itself, and so does one without predictions; that one
 * leads nobody else.
 *
 * Integers only: validators with the same predictions name the same leaders.
 *
 * @returns one index into the chain's list for each update
 * @throws RangeError when theta is not in (0, 1], leastErrors no positive whole number, or the lengths differ
 */
export function leadersOf(request: NearCloneRequest): readonly number[] {
  const { predictions, order, rule } = request;
  const { theta, leastErrors } = rule;
  if (order.length !== predictions.length) throw new RangeError(`${order.length} places of ${predictions.length}`);
  if (theta.numerator <= 0n || theta.numerator > theta.denominator) {
    throw new RangeError(`theta ${theta.numerator} / ${theta.denominator} is not in (0, 1]`);
  }
  if (!Number.isSafeInteger(leastErrors) || leastErrors < 1) throw new RangeError(`at least ${leastErrors} errors`);
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
