import type { Weights } from "../../../trainer/model/tensors.ts";
import { normOf } from "../../../trainer/aggregation/clip.ts";
import { jaccardOfErrors, type Labels } from "../../../trainer/scoring/near-clones.ts";
import type { Rational } from "../../../trainer/aggregation/rational.ts";

/**
 * Similarity measures of two updates.
 *
 * - `errors`: shared wrong predictions over all wrong predictions.
 * - `fresh`: the same, on samples that the base classifies correctly.
 * - `changes`: shared changes of the base's predictions over all such changes, right or wrong.
 * - `cosine`: cosine of the angle between the two differences to the base; compares weights, not predictions.
 */
export const STATISTICS = ["errors", "fresh", "changes", "cosine"] as const;
export type Statistic = (typeof STATISTICS)[number];
export type Similarity = Readonly<Record<Statistic, Rational>>;

/** One clipped update and its predictions. */
export interface Answered {
  /** Clipped difference to the base. */
  readonly update: Weights;
  readonly predictions: Labels;
}

/** True labels, and the base's predictions. */
export interface Reference {
  readonly labels: Labels;
  readonly base: Labels;
}

/** A cosine is stored in billionths. */
const UNIT = 1_000_000_000;

export function similarityOf(a: Answered, b: Answered, { labels, base }: Reference): Similarity {
  const wasRight = (values: Labels) => values.filter((_, at) => base[at] === labels[at]);
  return {
    errors: jaccardOfErrors(a.predictions, b.predictions, labels),
    fresh: jaccardOfErrors(wasRight(a.predictions), wasRight(b.predictions), wasRight(labels)),
    changes: jaccardOfErrors(a.predictions, b.predictions, base),
    cosine: cosineOf(a.update, b.update),
  };
}

function cosineOf(a: Weights, b: Weights): Rational {
  let product = 0;
  for (let at = 0; at < a.length; at++) product += a[at]! * b[at]!;
  const norms = normOf(a) * normOf(b);
  const cosine = norms === 0 ? 0 : product / norms;
  return { numerator: BigInt(Math.round(cosine * UNIT)), denominator: BigInt(UNIT) };
}
